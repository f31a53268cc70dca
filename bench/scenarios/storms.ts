/** Thousands of people who lose their hub at the same moment, and come back. */

import { setTimeout as pause } from 'node:timers/promises';
import { type HubProcess, startHub } from '../../testkit/hub-process.ts';
import { Helper } from '../helper.ts';
import { cpuSecondsOf } from '../machine.ts';
import { openThinClient } from '../thin-client.ts';
import { mustAll, pickupOf, shopName, stepOf } from './orders.ts';
import type { PeopleJob, PeopleOrder, PeopleReport } from './people-load.ts';
import { atMost, grouped, inMs, type Outcome, quantile, type Scenario } from './scenario.ts';

/** More than one process, because a client costs more than its connection costs the hub. */
const processes = 2;
const openMaxMs = 120_000;
const backMaxMs = 45_000;
const lookEveryMs = 250;
const env = { CAPS_CONNECTIONS: 'off' };

const usualClients = 2_000;
const usualOffers = 5_000;
const liveMaxMs = 4_000;
const batch = 250;

export const storm: Scenario = {
  name: 'storm',
  async run(share) {
    const clients = Math.ceil(usualClients * share);
    const offers = Math.ceil(usualOffers * share);
    const hub = await startHub({ env });
    const people = new People();
    try {
      await placeOffers(hub, offers);
      await people.open(hub.url, { shops: clients / 2, drivers: clients / 2 });
      await people.watch();
      await hub.kill();
      await hub.start();
      const readyAt = Date.now();
      const { liveAt, cpu } = await people.back(hub, clients, ({ liveAt: all }) => all);
      const tookMs = liveAt.map((at) => at - readyAt).toSorted((a, b) => a - b);
      return [
        {
          what: `reconnect storm: \`kill -9\` and start under ${grouped(clients)} clients, half shops and half drivers, with ${grouped(offers)} offers; live after ready: p50 · p99 · all`,
          measured: courseOf(tookMs, clients),
          beside: cpu,
          goals: [atMost('all live', timeOf(tookMs, clients, 1), liveMaxMs, 'ms')],
        },
      ];
    } finally {
      people.end();
      await hub.dispose();
    }
  },
};

const usualDrivers = 5_000;
const newsEveryMs = 250;

export const deploy: Scenario = {
  name: 'deploy',
  async run(share) {
    const drivers = Math.ceil(usualDrivers * share);
    const hub = await startHub({ env });
    const people = new People();
    let news: News | undefined;
    try {
      await people.open(hub.url, { shops: 0, drivers });
      await people.watch();
      news = new News(hub);
      const stopAt = Date.now();
      await hub.stop();
      const goneAt = Date.now();
      await hub.start();
      const readyAt = Date.now();
      const { heardAt, cpu } = await people.back(hub, drivers * 0.99, (report) => report.heardAt);
      const tookMs = heardAt.map((at) => at - stopAt).toSorted((a, b) => a - b);
      const [half, most] = [0.5, 0.99].map((of) => timeOf(tookMs, drivers, of));
      return [deployed({ drivers, half, most, stopMs: goneAt - stopAt, startMs: readyAt - goneAt, cpu })];
    } finally {
      news?.end();
      people.end();
      await hub.dispose();
    }
  },
};

interface Deployment {
  readonly drivers: number;
  readonly half: number | undefined;
  readonly most: number | undefined;
  readonly stopMs: number;
  readonly startMs: number;
  readonly cpu: string;
}

function deployed({ drivers, half, most, stopMs, startMs, cpu }: Deployment): Outcome {
  const [halfMs, mostMs] = [half ?? Number.POSITIVE_INFINITY, most ?? Number.POSITIVE_INFINITY];
  return {
    what: `deploy storm: SIGTERM and start under ${grouped(drivers)} drivers; until half and 99 % hear of an offer within a second of it`,
    measured: `${inMs(halfMs)} · ${inMs(mostMs)} after SIGTERM`,
    beside: `${inMs(stopMs)} to stop, ${inMs(startMs)} to start, so ${inMs(mostMs - stopMs - startMs)} after ready; ${cpu}`,
    goals: [],
  };
}

/** A shop that sends an offer and takes back the one before, again and again, whatever becomes of the hub. */
class News {
  #isOpen = true;

  constructor(hub: HubProcess) {
    void this.#run(hub);
  }

  end(): void {
    this.#isOpen = false;
  }

  async #run({ url }: HubProcess): Promise<void> {
    const shop = 100_000;
    for (let n = 0; this.#isOpen; await pause(newsEveryMs)) {
      try {
        const client = await openThinClient(url, { protocol: 1, role: 'vendor', store: shopName(shop) });
        for (; this.#isOpen; n += 1) {
          const late = pause(4 * newsEveryMs, undefined, { ref: false });
          const answer = await Promise.race([client.commands([pickupOf(shop, n)]), late]);
          if (answer === undefined) break;
          // Not this one: drivers would be told in one frame that it came and went.
          if (n > 0) void client.commands([stepOf('cancelled', shop, n - 1)]);
          await pause(newsEveryMs);
        }
        client.close();
      } catch {
        // The hub is away.
      }
    }
  }
}

/** The load processes. */
class People {
  #loads: Helper[] = [];

  async open(url: string, { shops, drivers }: { shops: number; drivers: number }): Promise<void> {
    const each = { shops: Math.ceil(shops / processes), drivers: Math.ceil(drivers / processes) };
    this.#loads = Array.from({ length: processes }, (_, i) => {
      const job: PeopleJob = { url, ...each, from: i * Math.max(each.shops, each.drivers) };
      return new Helper('scenarios/people-load.ts', [JSON.stringify(job)]);
    });
    await Promise.all(this.#loads.map((load) => load.next(openMaxMs)));
  }

  async watch(): Promise<void> {
    await this.#ask('watch');
  }

  /** Resolves when so many are back, or after a time. */
  async back(
    hub: HubProcess,
    count: number,
    pick: (report: PeopleReport) => readonly number[],
  ): Promise<PeopleReport & { readonly cpu: string }> {
    const from = { load: this.#cpu(), ms: performance.now() };
    for (const deadline = Date.now() + backMaxMs; ; await pause(lookEveryMs)) {
      const report = await this.#ask('tell');
      if (pick(report).length < count && Date.now() < deadline) continue;
      const seconds = (performance.now() - from.ms) / 1_000;
      const [hubBusy, loadBusy] = [cpuSecondsOf(hub.pid), this.#cpu() - from.load].map((cpu) =>
        (cpu / seconds).toFixed(2),
      );
      return { ...report, cpu: `busy: hub ${hubBusy}, clients ${loadBusy}` };
    }
  }

  end(): void {
    for (const load of this.#loads) load.end();
  }

  async #ask(order: PeopleOrder): Promise<PeopleReport> {
    for (const load of this.#loads) load.send(order);
    const reports = await Promise.all(this.#loads.map((load) => load.next<PeopleReport>(openMaxMs)));
    return {
      liveAt: reports.flatMap(({ liveAt }) => liveAt),
      heardAt: reports.flatMap(({ heardAt }) => heardAt),
    };
  }

  #cpu(): number {
    return this.#loads.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
  }
}

async function placeOffers({ url }: HubProcess, offers: number): Promise<void> {
  for (let shop = 0; shop * batch < offers; shop += 1) {
    const client = await openThinClient(url, { protocol: 1, role: 'vendor', store: shopName(shop) });
    const count = Math.min(batch, offers - shop * batch);
    mustAll(await client.commands(Array.from({ length: count }, (_, n) => pickupOf(shop, n))));
    client.close();
  }
}

/** When a share of all had come; infinite if so many have not. */
function timeOf(ascending: readonly number[], all: number, share: number): number {
  const count = Math.ceil(all * share);
  return count > ascending.length
    ? Number.POSITIVE_INFINITY
    : quantile(ascending, (count - 1) / ascending.length);
}

function courseOf(ascending: readonly number[], all: number): string {
  const times = [0.5, 0.99, 1].map((share) => inMs(timeOf(ascending, all, share))).join(' · ');
  return ascending.length < all
    ? `${times}; ${grouped(all - ascending.length)} of ${grouped(all)} not back`
    : times;
}
