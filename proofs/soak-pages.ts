/** The pages of a soak: reads what each shows, and compares it with the fold of the log. */

import type { CDPSession, Page } from 'playwright';
import { isFinished, type Status } from '../protocol/events.ts';
import type { CapsRecord } from '../protocol/messages.ts';
import { DriverPage, LogPage, ShopPage, TrackPage } from '../testkit/browser/pages.ts';
import { howSeen } from '../testkit/browser/seen.ts';
import { parcelText } from '../testkit/log.ts';
import { fold } from '../testkit/oracle.ts';
import { messages } from '../web/words/en/shared.ts';
import { formatsOf } from '../web/words/formats.ts';

const words = messages(formatsOf('en'));

/** The fold of the log, which the pages must show. */
export interface Truth {
  readonly records: readonly CapsRecord[];
  /** By `parcelText`. */
  readonly parcels: ReadonlyMap<string, TrueParcel>;
}

interface TrueParcel {
  readonly store: string;
  readonly orderID: string;
  readonly status: Status;
  readonly holder: string | undefined;
}

export function truthOf(records: readonly CapsRecord[]): Truth {
  const folded = new Map<string, ReturnType<typeof fold>>();
  const names = new Map<string, CapsRecord['payload']>();
  for (const record of records) {
    const key = parcelText(record.payload);
    folded.set(key, fold(folded.get(key), record));
    names.set(key, record.payload);
  }
  const parcels = new Map<string, TrueParcel>();
  for (const [key, { status, holder }] of folded) {
    const { store = '', orderID = '' } = names.get(key) ?? {};
    parcels.set(key, { store, orderID, status, holder });
  }
  return { records, parcels };
}

/** Facts that a page shows, as comparable texts. */
type Facts = Readonly<Record<string, string>>;

/** One open page. */
export abstract class SoakPage {
  readonly name: string;
  readonly page: Page;
  #session: CDPSession | undefined;

  constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
  }

  protected abstract shown(): Promise<Facts>;
  protected abstract expected(truth: Truth): Facts;

  /** @returns the differences between the page and the log, in words */
  async differences(truth: Truth): Promise<string[]> {
    const shown = await this.shown();
    return Object.entries(this.expected(truth))
      .filter(([fact, text]) => shown[fact] !== text)
      .map(([fact, text]) => `${this.name}: ${fact} is "${shown[fact]}", in the log "${text}"`);
  }

  /** Size of the heap after a garbage collection. */
  async weigh(): Promise<{ heapMb: number; listeners: number }> {
    const session = await this.#cdp();
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
    return { heapMb: metric('JSHeapUsedSize') / 2 ** 20, listeners: metric('JSEventListeners') };
  }

  /** Freezes the page as a phone in a pocket does: nothing runs, and packets pile up or are lost. */
  async freeze(isFrozen: boolean): Promise<void> {
    const session = await this.#cdp();
    await session.send('Page.setWebLifecycleState', { state: isFrozen ? 'frozen' : 'active' });
  }

  async #cdp(): Promise<CDPSession> {
    if (!this.#session) {
      this.#session = await this.page.context().newCDPSession(this.page);
      await this.#session.send('Performance.enable');
    }
    return this.#session;
  }
}

export class ShopInSoak extends SoakPage {
  readonly #store: string;
  readonly #shop: ShopPage;

  constructor(page: Page, store: string) {
    super(`the shop ${store}`, page);
    this.#store = store;
    this.#shop = new ShopPage(page);
  }

  protected async shown(): Promise<Facts> {
    const facts: Record<string, string> = { thanks: await this.#thanked() };
    const counts = this.page.getByRole('group', { name: 'Orders by status' }).getByRole('button');
    for (const text of await counts.allInnerTexts()) {
      const [, number = '', word = ''] = /^([\d,]+)\s+(.*)$/s.exec(text.trim()) ?? [];
      facts[`count of ${word.trim()}`] = number.replaceAll(',', '');
    }
    return facts;
  }

  /** The number in the heading. */
  async #thanked(): Promise<string> {
    const region = this.page.getByRole('region', { name: 'Thank-yous' });
    const total = region.locator('[data-num]').first();
    return (await total.count()) === 0 ? '0' : (await total.innerText()).replaceAll(',', '');
  }

  protected expected({ records, parcels }: Truth): Facts {
    const own = [...parcels.values()].filter(({ store }) => store === this.#store);
    const facts: Record<string, string> = {};
    for (const { status } of own) {
      const name = `count of ${words.status[status]}`;
      facts[name] = String(Number(facts[name] ?? 0) + 1);
    }
    const delivered = records.filter(({ event, payload }) => {
      return event === 'delivered' && payload.store === this.#store;
    });
    return { ...facts, thanks: String(delivered.length) };
  }

  /** @returns the visible rows that differ from the log; there must be at least one row */
  override async differences(truth: Truth): Promise<string[]> {
    const wrong: string[] = [];
    const rows = this.#shop.rows.filter({ has: this.page.locator('[data-status]') });
    const seen = (await rows.count()) > 0 ? await howSeen(rows.first()) : 'not there';
    if (seen !== 'seen') wrong.push(`${this.name}: the first row is ${seen}`);
    const texts = await rows.evaluateAll((items) =>
      items.map((item) => [
        // Keeps line breaks, which separate the customer's number from the order's.
        item instanceof HTMLElement ? item.innerText : '',
        item.querySelector('[data-status]')?.getAttribute('data-status') ?? '',
      ]),
    );
    for (const [text = '', status] of texts) {
      const [, orderID] = /Customer (\d+)/.exec(text) ?? [];
      const parcel = truth.parcels.get(`${this.#store}/${orderID}`);
      if (orderID !== undefined && parcel?.status !== status)
        wrong.push(`${this.name}: order ${orderID} is ${status}, in the log ${parcel?.status}`);
    }
    return [...wrong, ...(await super.differences(truth))];
  }
}

export class DriverInSoak extends SoakPage {
  readonly #id: string;
  readonly #driver: DriverPage;

  constructor(page: Page, id: string) {
    super(`the driver ${id}`, page);
    this.#id = id;
    this.#driver = new DriverPage(page);
  }

  protected async shown(): Promise<Facts> {
    const offers = this.page.getByRole('region', { name: 'Offers' }).locator('[data-num]').first();
    const texts = await this.#driver.inHand.evaluateAll((items) =>
      items.map((item) => `${item.textContent} ${item.getAttribute('data-status')}`),
    );
    // Orders of the page's own robot have other addresses: only their status counts.
    const hands = texts.map(
      (text) => /(?:(\d+) Long Road.*)? (\S+)$/s.exec(text)?.slice(1).join(' ') ?? text,
    );
    return {
      'in hand': hands.sort().join(', '),
      offers: (await offers.count()) === 0 ? '0' : (await offers.innerText()).replaceAll(',', ''),
    };
  }

  protected expected({ parcels }: Truth): Facts {
    const all = [...parcels.values()];
    const held = all.filter(({ holder, status }) => holder === this.#id && !isFinished(status));
    return {
      'in hand': held
        .map(({ orderID, status }) => `${/^\d+$/.test(orderID) ? orderID : ''} ${status}`)
        .sort()
        .join(', '),
      offers: String(all.filter(({ status }) => status === 'ready').length),
    };
  }
}

export class LogInSoak extends SoakPage {
  readonly #log: LogPage;

  constructor(name: string, page: Page) {
    super(name, page);
    this.#log = new LogPage(page);
  }

  /** Scrolls up and back, as a reader does. */
  async lookUp(): Promise<void> {
    await this.#log.pause.click();
    await this.#log.resume.click();
  }

  protected async shown(): Promise<Facts> {
    const rows = await this.#log.read();
    const newest = rows.reduce((highest, { seq }) => Math.max(highest, seq), 0);
    const events = await this.page.getByText(/^[\d,]+ events?$/).first();
    return {
      'newest row': String(newest),
      'is the newest row in sight': newest === 0 ? 'there is none' : await howSeen(this.#log.row(newest)),
      events: (await events.innerText()).replace(/\D/g, ''),
      rows: rows.map(({ seq, event, orderID }) => `${seq} ${event} ${orderID}`).join('; '),
    };
  }

  protected expected({ records }: Truth): Facts {
    const head = String(records.length);
    return { 'newest row': head, 'is the newest row in sight': 'seen', events: head };
  }

  override async differences(truth: Truth): Promise<string[]> {
    const wrong = await super.differences(truth);
    for (const { seq, event, orderID } of await this.#log.read()) {
      const record = truth.records[seq - 1];
      if (record?.event !== event || record.payload.orderID !== orderID)
        wrong.push(`${this.name}: row ${seq} is ${event} of ${orderID}`);
    }
    return wrong;
  }
}

export class TrackInSoak extends SoakPage {
  readonly #key: string;
  readonly #track: TrackPage;

  constructor(page: Page, key: string) {
    super(`the customer of ${key}`, page);
    this.#key = key;
    this.#track = new TrackPage(page);
  }

  protected async shown(): Promise<Facts> {
    const status = await this.page.locator('.order[data-status]').getAttribute('data-status');
    return { status: status ?? '', headline: await howSeen(this.#track.headline) };
  }

  protected expected({ parcels }: Truth): Facts {
    return { status: parcels.get(this.#key)?.status ?? '', headline: 'seen' };
  }
}
