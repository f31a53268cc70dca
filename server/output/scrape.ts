/** Writes a hub's metrics in the Prometheus text format. Every hub has its own registry. */

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { connectionSchema } from '../../protocol/messages.ts';
import { type Buckets, type Counts, type HubState, type Tally, waysIn } from './counts.ts';

const roles = connectionSchema.shape.role.options;

/**
 * The metrics of the process are watched from here on: their observers can never be stopped, so a hub without scrapes does
 * not start them.
 * @param version of the hub
 * @returns makes the text of all metrics as of now
 */
export function createScrape(version: string, counts: Counts): (state: HubState) => Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  counter(registers, 'caps_events_total', 'Events recorded since the hub started.', 'event', counts.events);
  counter(registers, 'caps_refusals_total', 'Refusals that clients were told.', 'code', counts.refusals);
  new Counter({
    ...{ name: 'caps_commit_failures_total', help: 'Commits that the store refused.', registers },
    collect() {
      this.reset();
      this.inc(counts.failures);
    },
  });
  new Gauge({
    ...{ name: 'caps_build_info', help: 'Always 1; the label says which.', registers },
    labelNames: ['version'],
  }).set({ version }, 1);
  const show = gauges(registers);
  collectDefaultMetrics({ register: registry });
  return async (state) => {
    show(state);
    const { sizes, durations } = counts;
    return [
      await registry.metrics(),
      histogram('caps_commit_commands', 'Commands decided in one commit.', sizes),
      histogram('caps_commit_duration_seconds', 'A commit, its sync to disk included.', durations),
    ].join('\n');
  };
}

/** The library's own would be loaded at the start, because it counts by itself. */
function histogram(name: string, help: string, { bounds, counts, sum }: Buckets): string {
  let below = 0;
  const buckets = counts.map((count, i) => {
    below += count;
    return `${name}_bucket{le="${bounds[i] ?? '+Inf'}"} ${below}`;
  });
  const head = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  return [...head, ...buckets, `${name}_sum ${sum}`, `${name}_count ${below}`, ''].join('\n');
}

function counter<K extends string>(
  registers: Registry[],
  name: string,
  help: string,
  label: string,
  tally: Tally<K>,
): void {
  new Counter({
    ...{ name, help, labelNames: [label, 'door'], registers },
    collect() {
      this.reset();
      tally.each((kind, door, count) => this.inc({ [label]: kind, door }, count));
    },
  });
}

function gauges(registers: Registry[]): (state: HubState) => void {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers });
  const head = gauge('caps_log_head_seq', 'The seq of the last record.');
  const writable = gauge('caps_log_writable', 'Whether the last try to write the log succeeded.');
  const queue = gauge('caps_queue_commands', 'Commands that wait for their commit.');
  const feeds = gauge('caps_feeds', 'Readers by state; one that lags is read to from the log.', 'state');
  const connections = gauge('caps_connections', 'Connections.', 'door', 'role');
  const answers = gauge('caps_answers_bytes', 'What answers under way may hold for their readers.');
  const webhooks = gauge('caps_webhooks', 'Webhooks that this hub sends to, by how they do.', 'state');
  const sent = { tries: {} as Readonly<Record<string, number>> };
  new Counter({
    ...{ name: 'caps_webhook_tries_total', help: 'Messages sent to webhooks.', registers },
    labelNames: ['outcome'],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(sent.tries)) this.inc({ outcome }, count);
    },
  });
  return (state) => {
    sent.tries = state.webhooks.tries;
    for (const [name, count] of Object.entries(state.webhooks.webhooks)) webhooks.set({ state: name }, count);
    answers.set(state.answers);
    head.set(state.head);
    writable.set(state.writable ? 1 : 0);
    queue.set(state.waiting);
    for (const [name, count] of Object.entries(state.readers)) feeds.set({ state: name }, count);
    for (const door of waysIn) for (const role of roles) connections.set({ door, role }, 0);
    for (const { door, role } of state.connections) connections.inc({ door, role });
  };
}
