/**
 * One soak: a hub with a steady load of many shops and drivers, network breaks, kills and a stop of the hub, and pages of
 * every kind open all the time. At the end each page must show what the log says.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import config from '../playwright.config.ts';
import type { CapsRecord, ParcelView } from '../protocol/messages.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { isLive, orAfter, readDisk, untilEveryoneHasHeard } from '../testkit/ending.ts';
import { check, type IssuedCommand } from '../testkit/history.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { parcelText } from '../testkit/log.ts';
import { Recorder } from '../testkit/recorder.ts';
import type { Verdict } from '../testkit/verdict.ts';
import { driverOf, SoakLoad, storeOf } from './soak-load.ts';
import { DriverInSoak, LogInSoak, ShopInSoak, type SoakPage, TrackInSoak, truthOf } from './soak-pages.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly shops: number;
  readonly drivers: number;
  readonly perSecond: number;
  readonly breakMs: readonly [min: number, max: number];
  /** How long a page is frozen. */
  readonly frozenMs: number;
}

export interface SoakReport {
  readonly verdict: Verdict;
  /** Differences between pages and the log, in words. */
  readonly differences: readonly string[];
  readonly records: number;
  readonly breaks: number;
  /** Growth of the page that grew most since the first quarter. */
  readonly heapGrowthMb: number;
  readonly listenerGrowth: number;
  readonly memory: string;
}

/** Time for pages and clients to catch up after the load. */
const settleMs = 60_000;
/** The store and the driver whose pages run robots. */
const ownShop = 'own-shop';
const ownDriver = 'own-driver';

export async function soakRun(options: SoakOptions): Promise<SoakReport> {
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub(), (it) => it.dispose());
  const browser = stack.adopt(await chromium.launch(config.use?.launchOptions ?? {}), (it) => it.close());
  const recorder = new Recorder();
  stack.defer(() => recorder.closeAll());
  const load = new SoakLoad(recorder, { ...options, url: hub.url });
  await Promise.all(recorder.clients.map(isLive));

  const pages = await openPages(browser, hub.url);
  load.start();
  await openCustomers(pages, hub.url);
  const before = await weighWhileBusy(pages, hub, options);
  await load.end();
  await stopSimulators(pages);
  await orAfter(settleMs, Promise.all(recorder.clients.map(isLive)));
  await untilEveryoneHasHeard(recorder, hub.url, settleMs);

  const differences = await compare(pages, hub.url);
  const after = await weigh(pages);
  const growth = pages.all.map((page, i) => ({
    name: page.name,
    heapMb: (after[i]?.heapMb ?? 0) - (before[i]?.heapMb ?? 0),
    listeners: (after[i]?.listeners ?? 0) - (before[i]?.listeners ?? 0),
  }));
  await browser.close();
  await hub.stop();
  const { log, rows } = await readDisk(hub.data);
  const history = recorder.history(log);
  return {
    verdict: check({ ...history, commands: [...history.commands, ...ofPages(log)], rows }),
    differences,
    records: log.length,
    breaks: load.breaks + pages.breaks,
    heapGrowthMb: Math.max(...growth.map(({ heapMb }) => heapMb)),
    listenerGrowth: Math.max(...growth.map(({ listeners }) => listeners)),
    memory: growth
      .map(({ name, heapMb, listeners }, i) => {
        return `${name} ${after[i]?.heapMb.toFixed(1)} MB (${signed(heapMb)}), listeners ${signed(listeners)}`;
      })
      .join('; '),
  };
}

/**
 * Only the log shows what the robots' pages sent. A robot takes each step of a parcel once, so a second record of a step
 * is a duplicate.
 */
function ofPages(log: readonly CapsRecord[]): IssuedCommand[] {
  const steps = new Map<string, IssuedCommand>();
  for (const { event, payload, details, by } of log) {
    if (by.id !== ownShop && by.id !== ownDriver) continue;
    const id = `${by.id} ${event} ${parcelText(payload)}`;
    const command = { event, payload, ...(details && { details }), id } as IssuedCommand['command'];
    const moment = { start: 0, end: Number.POSITIVE_INFINITY };
    steps.set(id, {
      ...{ client: by.id, actor: `${by.role}:${by.id}`, command, ...moment },
      outcome: { kind: 'silent' },
    });
  }
  return [...steps.values()];
}

function signed(number: number): string {
  return `${number < 0 ? '' : '+'}${number.toFixed(1)}`;
}

// ---- the pages ----

interface Pages {
  readonly all: SoakPage[];
  readonly contexts: BrowserContext[];
  readonly logs: readonly LogInSoak[];
  readonly simulated: readonly Page[];
  readonly open: (path: string) => Promise<Page>;
  /** Number of breaks of a page's network. */
  breaks: number;
}

async function openPages(browser: Browser, url: string): Promise<Pages> {
  const contexts: BrowserContext[] = [];
  const open = async (path: string): Promise<Page> => {
    const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 } });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  };
  const all: SoakPage[] = [];
  for (const number of [0, 1, 2]) {
    const store = storeOf(number);
    all.push(new ShopInSoak(await open(`/vendor?store=${store}&auto=off`), store));
    const driver = driverOf(number);
    all.push(new DriverInSoak(await open(`/driver?driver=${driver}&auto=off`), driver));
  }
  const logs = [
    new LogInSoak('the log', await open('/log')),
    new LogInSoak('the log that was frozen', await open('/log')),
  ];
  all.push(...logs);
  const shopPage = await open(`/vendor?store=${ownShop}&auto=off`);
  const driverPage = await open(`/driver?driver=${ownDriver}&auto=off`);
  for (const [page, name] of [
    [shopPage, 'Auto orders'],
    [driverPage, 'Auto deliver'],
  ] as const) {
    await page.getByRole('switch', { name }).check();
  }
  all.push(new ShopInSoak(shopPage, ownShop), new DriverInSoak(driverPage, ownDriver));
  return { all, contexts, logs, simulated: [shopPage, driverPage], open, breaks: 0 };
}

/** Opens the tracking pages of the first orders. */
async function openCustomers(pages: Pages, url: string): Promise<void> {
  const followed = 2;
  const orders = await untilThereAre(url, followed);
  for (const { payload } of orders.slice(0, followed)) {
    const key = `${payload.store}/${payload.orderID}`;
    const { tracking } = await get<{ tracking: string }>(`${url}/api/orders/${key}`);
    pages.all.push(new TrackInSoak(await pages.open(new URL(tracking).pathname), key));
  }
}

async function untilThereAre(url: string, count: number): Promise<readonly ParcelView[]> {
  for (;;) {
    const { items } = await get<{ items: ParcelView[] }>(`${url}/api/orders?store=${storeOf(0)}`);
    if (items.length >= count) return items;
    await pause(200);
  }
}

async function stopSimulators({ simulated }: Pages): Promise<void> {
  for (const page of simulated) {
    const control = page.getByRole('switch', { name: /^Auto/ });
    await control.uncheck();
  }
}

// ---- faults ----

/** @returns the pages' memory after the first quarter */
async function weighWhileBusy(pages: Pages, hub: HubProcess, options: SoakOptions): Promise<Weight[]> {
  const wholeMs = options.minutes * 60_000;
  const start = performance.now();
  const at = async (part: number): Promise<void> => {
    await pause(Math.max(0, start + part * wholeMs - performance.now()));
  };
  const busy = new AbortController();
  const breaking = breakNetworks(pages, seeded(options.seed + 1), options.breakMs, busy.signal);
  await at(0.25);
  const before = await weigh(pages);
  await at(0.3);
  await restart(hub, () => hub.kill());
  await at(0.4);
  const frozen = freeze(pages, options.frozenMs);
  await at(0.6);
  await restart(hub, () => hub.kill());
  await lookUp(pages);
  await frozen;
  await at(0.75);
  await restart(hub, () => hub.stop());
  await at(0.9);
  // No more breaks from here on; broken networks return.
  busy.abort();
  await breaking;
  await at(1);
  return before;
}

async function restart(hub: HubProcess, end: () => Promise<unknown>): Promise<void> {
  await end();
  await hub.start();
}

async function freeze({ logs }: Pages, ms: number): Promise<void> {
  const page = logs.at(-1);
  await page?.freeze(true);
  await pause(ms);
  await page?.freeze(false);
}

async function lookUp({ logs }: Pages): Promise<void> {
  await logs[0]?.lookUp();
}

async function breakNetworks(
  pages: Pages,
  chance: Chance,
  [minMs, maxMs]: readonly [number, number],
  until: AbortSignal,
): Promise<void> {
  while (!until.aborted) {
    const context = chance.pick(pages.contexts);
    await context.setOffline(true);
    pages.breaks += 1;
    await pause(chance.int(minMs, maxMs), undefined, { signal: until }).catch(() => undefined);
    await context.setOffline(false);
    await pause(chance.int(minMs, maxMs) / 4, undefined, { signal: until }).catch(() => undefined);
  }
}

// ---- the report ----

interface Weight {
  readonly heapMb: number;
  readonly listeners: number;
}

async function weigh({ all }: Pages): Promise<Weight[]> {
  const weights: Weight[] = [];
  for (const page of all) weights.push(await page.weigh());
  return weights;
}

/** Gives the pages time to catch up. A difference after that is a fault. */
async function compare({ all }: Pages, url: string): Promise<string[]> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const truth = truthOf(await readLog(url));
    const differences: string[] = [];
    for (const page of all) differences.push(...(await page.differences(truth)));
    if (differences.length === 0 || performance.now() > deadline) return differences;
    await pause(500);
  }
}

async function readLog(url: string): Promise<CapsRecord[]> {
  const records: CapsRecord[] = [];
  for (;;) {
    const { items } = await get<{ items: CapsRecord[] }>(
      `${url}/api/events?after=${records.length}&limit=500`,
    );
    records.push(...items);
    if (items.length < 500) return records;
  }
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
