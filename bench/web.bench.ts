/**
 * The log page under load on a slow machine, with a long history and a live stream. Hub, load and browser are separate
 * processes that share the machine's cores, so the result is that of the slowest.
 *
 *     npm run bench:web -- --records 1000000 --rate 2000 --seconds 30 --throttle 4 --record
 */

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type CDPSession, chromium, type Page } from 'playwright';
import config from '../playwright.config.ts';
import { startHub } from '../testkit/hub-process.ts';
import { placeCells } from './machine.ts';
import { addRows } from './results.ts';
import { needle, writeHistory } from './web-history.ts';
import type { WebLoadJob, WebLoadReport } from './web-load.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '30' },
    throttle: { type: 'string', default: '4' },
    /** Keeps the log in this folder for the next run. */
    data: { type: 'string' },
    /** Adds a line to results.md. */
    record: { type: 'boolean', default: false },
  },
});
const records = Number(values.records);
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const throttle = Number(values.throttle);
const place = placeCells(fileURLToPath(new URL('..', import.meta.url)));
/** Time for the stream to reach its rate. */
const warmUpMs = 5_000;
const frozenSeconds = 10;
/** Repeats of each search; the median counts. */
const searches = 5;
const hubSeconds = 10;

interface Measurement {
  readonly fps: number;
  readonly longestMs: number;
  readonly longTasks: number;
  /** 99th percentile of the time between two frames. */
  readonly frameMs: number;
  readonly heapMb: number;
  readonly streamed: number;
  /** Largest shift of the row being read, in pixels. */
  readonly movedPx: number;
  readonly newRows: string;
  /** Time from the last key press to the first result: for a rare word, a common one and an absent one. */
  readonly searchMs: Readonly<Record<'one' | 'many' | 'none', number>>;
}

/** Without a page: 99th percentiles of the stream's acks and of first results. */
interface HubMeasurement {
  readonly ackMs: number;
  readonly ackWhileSearchingMs: number;
  readonly firstHitsMs: number;
}

async function main(): Promise<void> {
  const data = values.data ?? (await mkdtemp(join(tmpdir(), 'caps-bench-')));
  try {
    console.log(`load average before: ${place.at(-1)}`);
    await writeHistory(data, records);
    console.log('the history is written');
    const hub = await startHub({ data });
    try {
      const measured = await measure(hub.url);
      console.log(measured);
      if (values.record) report(measured);
    } finally {
      await hub.stop();
    }
  } finally {
    if (values.data === undefined) await rm(data, { recursive: true, force: true });
  }
}

/** The live stream and the latencies of its acks. */
class Load {
  readonly #process: ChildProcess;
  #ackMs: number[] = [];

  constructor(url: string) {
    const job = JSON.stringify({ url, eventsPerSecond: rate } satisfies WebLoadJob);
    this.#process = fork(fileURLToPath(new URL('web-load.ts', import.meta.url)), [job]);
    this.#process.on('message', ({ ackMs }: WebLoadReport) => this.#ackMs.push(...ackMs));
  }

  /** Latencies since the last call, ascending. */
  take(): number[] {
    const taken = this.#ackMs.toSorted((a, b) => a - b);
    this.#ackMs = [];
    return taken;
  }

  end(): void {
    this.#process.disconnect();
  }
}

async function measure(url: string): Promise<Measurement & HubMeasurement> {
  const load = new Load(url);
  try {
    return { ...(await measurePage(url, load)), ...(await measureHub(url, load)) };
  } finally {
    load.end();
  }
}

async function measurePage(url: string, load: Load): Promise<Measurement> {
  const browser = await chromium.launch(config.use?.launchOptions ?? {});
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await page.goto(`${url}/log`);
    await page.locator('[data-seq]').first().waitFor();
    await pause(warmUpMs);
    load.take();
    const frames = await watchFrames(page, seconds);
    const streamed = Math.round(load.take().length / seconds);
    const heapMb = await heapOf(session);
    const frozen = await watchFrozen(page);
    const searchMs = {
      one: await search(page, needle.toLowerCase()),
      many: await search(page, 'elm street'),
      none: await search(page, 'nobody-of-this-name'),
    };
    return { ...frames, heapMb, streamed, ...frozen, searchMs };
  } finally {
    await browser.close();
  }
}

/** Searches in sequence, like a dispatcher who types without pause. */
async function measureHub(url: string, load: Load): Promise<HubMeasurement> {
  load.take();
  await pause(hubSeconds * 1_000);
  const ackMs = load.take();
  const hitsMs: number[] = [];
  for (const end = performance.now() + hubSeconds * 1_000; performance.now() < end; ) {
    for (const q of [needle, 'elm street', 'nobody-of-this-name', 'event:failed kutchport']) {
      const asked = performance.now();
      const response = await fetch(`${url}/api/events?${new URLSearchParams({ q, limit: '50' })}`);
      await response.json();
      if (!response.ok) throw new Error(`The hub answered a search with ${response.status}.`);
      hitsMs.push(performance.now() - asked);
    }
  }
  return {
    ackMs: p99(ackMs),
    ackWhileSearchingMs: p99(load.take()),
    firstHitsMs: p99(hitsMs.toSorted((a, b) => a - b)),
  };
}

/** @param ms ascending */
function p99(ms: readonly number[]): number {
  return Math.round((ms[Math.floor(ms.length * 0.99)] ?? Number.NaN) * 10) / 10;
}

async function watchFrames(
  page: Page,
  forSeconds: number,
): Promise<Pick<Measurement, 'fps' | 'longestMs' | 'longTasks' | 'frameMs'>> {
  return page.evaluate(async (lasting) => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    });
    observer.observe({ type: 'longtask' });
    const times: number[] = [];
    await new Promise<void>((resolve) => {
      const begin = performance.now();
      const frame = (now: number) => {
        times.push(now);
        if (performance.now() - begin >= lasting * 1_000) resolve();
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    observer.disconnect();
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    const whole = (times.at(-1) ?? 0) - (times[0] ?? 0);
    return {
      fps: Math.round((gaps.length / whole) * 10_000) / 10,
      longestMs: Math.round(Math.max(0, ...tasks)),
      longTasks: tasks.length,
      frameMs: Math.round(gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * 0.99)] ?? 0),
    };
  }, forSeconds);
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return Math.round((metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1e6);
}

/** Scrolls to the middle of the log during the stream. */
async function watchFrozen(page: Page): Promise<Pick<Measurement, 'movedPx' | 'newRows'>> {
  const list = page.getByRole('log', { name: 'Events' });
  await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await page.waitForFunction(
    () => document.querySelector('[data-seq]') && !document.querySelector('[data-missing]'),
  );
  await pause(1_000);
  const movedPx = await page.evaluate(async (lasting) => {
    const rows = Array.from(document.querySelectorAll('[data-seq]'));
    const row = rows[Math.floor(rows.length / 2)];
    const seq = row?.getAttribute('data-seq');
    const place = () =>
      document.querySelector(`[data-seq="${seq}"]`)?.getBoundingClientRect().top ?? Infinity;
    const from = place();
    const end = performance.now() + lasting * 1_000;
    let most = 0;
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      most = Math.max(most, Math.abs(place() - from));
    }
    return most;
  }, frozenSeconds);
  const newRows = await page.getByRole('button', { name: /new ↓$/ }).innerText();
  await page.keyboard.press('Shift+G');
  return { movedPx, newRows };
}

async function search(page: Page, text: string): Promise<number> {
  const ms: number[] = [];
  for (let i = 0; i < searches; i += 1) ms.push(await searchOnce(page, text));
  return ms.toSorted((a, b) => a - b)[Math.floor(searches / 2)] ?? Number.NaN;
}

/** Measures in the page, from the last key press to the first result or the note that there is none. */
async function searchOnce(page: Page, text: string): Promise<number> {
  const box = page.getByRole('searchbox', { name: 'Search events' });
  await box.fill('');
  await page.waitForFunction(() => document.querySelectorAll('[data-seq]').length > 5);
  await pause(1_000);
  const found = page.evaluate(
    (word) =>
      new Promise<number>((resolve) => {
        let typed = 0;
        document.addEventListener('input', () => {
          typed = performance.now();
        });
        const look = () => {
          const list = document.querySelector('[role="log"]');
          const rows = Array.from(list?.querySelectorAll('[data-seq]') ?? []);
          const isFound =
            rows.length > 0 && rows.every((row) => row.textContent?.toLowerCase().includes(word));
          if (typed > 0 && (isFound || list?.textContent?.includes('0 of')))
            resolve(performance.now() - typed);
          else requestAnimationFrame(look);
        };
        look();
      }),
    // The driver's record of this parcel also has its customer.
    text.split(' ').at(-1) ?? '',
  );
  await box.fill(text);
  return Math.round(await found);
}

function report(measured: Measurement & HubMeasurement): void {
  const { fps, longestMs, longTasks, frameMs, heapMb, streamed, movedPx, newRows, searchMs } = measured;
  const { ackMs, ackWhileSearchingMs, firstHitsMs } = measured;
  addRows('The log page', [
    [
      ...place,
      `${records.toLocaleString('en')} records, ${streamed} events/s, ${throttle} × throttle, ${seconds} s`,
      `${fps} · ${frameMs} ms`,
      `${longestMs} ms · ${longTasks}`,
      `${heapMb} MB`,
      `${movedPx} px · ${newRows}`,
      `${searchMs.one} · ${searchMs.many} · ${searchMs.none} ms`,
      `${ackMs} · ${ackWhileSearchingMs} · ${firstHitsMs} ms`,
    ],
  ]);
}

await main();
