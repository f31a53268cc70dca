/**
 * The log page under load: a long history behind it, a stream in front of it, on a slow machine. Hub, load and
 * browser are processes of their own and share the machine's cores, so what is measured is the worst of the three.
 *
 *     npm run bench:web -- --records 1000000 --rate 2000 --seconds 30 --throttle 4 --record
 */

import { execFileSync, fork } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type CDPSession, chromium, type Page } from 'playwright';
import config from '../playwright.config.ts';
import { startHub } from '../proofs/hub-process.ts';
import { needle, writeHistory } from './web-history.ts';
import type { WebLoadReport } from './web-load.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '30' },
    throttle: { type: 'string', default: '4' },
    /** A folder whose log is filled up and kept, so that the next run need not write it again. */
    data: { type: 'string' },
    /** Adds a line to results.md. */
    record: { type: 'boolean', default: false },
  },
});
const records = Number(values.records);
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const throttle = Number(values.throttle);
const loadBefore = (loadavg()[0] ?? 0).toFixed(1);
/** The stream has reached its pace by then. */
const warmUpMs = 5_000;
const frozenSeconds = 10;

interface Measured {
  readonly fps: number;
  readonly longestMs: number;
  readonly longTasks: number;
  /** Of all times between two frames, that which 99 of 100 are below. */
  readonly frameMs: number;
  readonly heapMb: number;
  readonly streamed: number;
  /** By how many pixels the row that is read was ever off its place. */
  readonly movedPx: number;
  readonly newRows: string;
  /** From the last letter to the first row found: one record of all, a common word, and none at all. */
  readonly searchMs: Readonly<Record<'one' | 'many' | 'none', number>>;
}

async function main(): Promise<void> {
  const data = values.data ?? (await mkdtemp(join(tmpdir(), 'caps-bench-')));
  try {
    console.log(`load average before: ${loadBefore}`);
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

async function measure(url: string): Promise<Measured> {
  const browser = await chromium.launch(config.use?.launchOptions ?? {});
  const load = fork(fileURLToPath(new URL('web-load.ts', import.meta.url)), [
    JSON.stringify({ url, eventsPerSecond: rate }),
  ]);
  let acked = 0;
  load.on('message', (message) => {
    acked += (message as WebLoadReport).acked;
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await page.goto(`${url}/log`);
    await page.locator('[data-seq]').first().waitFor();
    await pause(warmUpMs);
    acked = 0;
    const frames = await watchFrames(page, seconds);
    const streamed = acked / seconds;
    const heapMb = await heapOf(session);
    const frozen = await watchFrozen(page);
    const searchMs = {
      one: await search(page, needle.toLowerCase()),
      many: await search(page, 'elm street'),
      none: await search(page, 'nobody-of-this-name'),
    };
    return { ...frames, heapMb, streamed: Math.round(streamed), ...frozen, searchMs };
  } finally {
    load.disconnect();
    await browser.close();
  }
}

async function watchFrames(
  page: Page,
  forSeconds: number,
): Promise<Pick<Measured, 'fps' | 'longestMs' | 'longTasks' | 'frameMs'>> {
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

/** Reads in the middle of the log while the stream goes on. */
async function watchFrozen(page: Page): Promise<Pick<Measured, 'movedPx' | 'newRows'>> {
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
  await page.keyboard.press('G');
  return { movedPx, newRows };
}

/** In the page itself, from the last letter to the first row that is found, or to the word that there is none. */
async function search(page: Page, text: string): Promise<number> {
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
    // A driver's row of this parcel has its customer too.
    text.split(' ').at(-1) ?? '',
  );
  await box.fill(text);
  return Math.round(await found);
}

function report(measured: Measured): void {
  const { fps, longestMs, longTasks, frameMs, heapMb, streamed, movedPx, newRows, searchMs } = measured;
  const commit = execFileSync('git', ['describe', '--always', '--dirty=+'], { encoding: 'utf8' }).trim();
  const processors = cpus();
  const row = [
    new Date().toISOString().slice(0, 10),
    commit,
    `${processors.length} × ${processors[0]?.model.trim() ?? '?'}, Node ${process.versions.node}`,
    loadBefore,
    `${records.toLocaleString('en')} records, ${streamed} events/s, ${throttle} × throttle, ${seconds} s`,
    `${fps} · ${frameMs} ms`,
    `${longestMs} ms · ${longTasks}`,
    `${heapMb} MB`,
    `${movedPx} px · ${newRows}`,
    `${searchMs.one} · ${searchMs.many} · ${searchMs.none} ms`,
  ];
  appendFileSync(new URL('results.md', import.meta.url), `| ${row.join(' | ')} |\n`);
}

await main();
