/** The pages as their users name what is on them. */

import { readFile } from 'node:fs/promises';
import { type BrowserContext, expect, type Locator, type Page } from 'playwright/test';
import { asTyped } from './keyboard.ts';

const button = (where: Locator, name: string): Locator => where.getByRole('button', { name, exact: true });
/** One whose name goes on with the order that it is about. */
const buttonAbout = (where: Locator, name: string, orderID: string): Locator =>
  button(where, `${name} order ${orderID}`);

/** The one badge that says how the connection is. */
export function badge(page: Page): Locator {
  return page.getByRole('group', { name: 'Connection' });
}

/** Resolves when nothing is on its way to its place: a tap on a row that just moves does nothing. */
export async function isStill(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ effect, playState }) =>
          playState !== 'running' || effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY,
      ),
  );
}

/** In a page, before anything else: what would go again after seconds stays longer while it is looked at, or less. */
export function paceNews(times: number): void {
  const tell = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (order) {
    tell.call(this, order.kind === 'after' ? { ...order, ms: order.ms * times } : order);
  };
}

export type OrderWord = 'Cancel' | 'Undo' | 'Track' | 'OK' | 'Retry' | 'Dismiss' | 'Returned, we have it';

export class ShopPage {
  readonly page: Page;
  readonly customer: Locator;
  readonly address: Locator;
  readonly sendOrder: Locator;
  readonly autoOrders: Locator;
  readonly every: Locator;
  readonly search: Locator;
  readonly rows: Locator;
  readonly importButton: Locator;
  /** What stands before the page. */
  readonly dialog: Locator;
  readonly #orders: Locator;
  readonly #thanks: Locator;

  constructor(page: Page) {
    this.page = page;
    const form = page.getByRole('form', { name: 'New order' });
    this.customer = form.getByLabel('Customer');
    this.address = form.getByLabel('Address');
    this.sendOrder = button(form, 'Send order');
    this.autoOrders = page.getByRole('switch', { name: 'Auto orders' });
    this.every = page.getByLabel('Every (seconds)');
    this.#orders = page.getByRole('region', { name: 'Orders' });
    this.search = page.getByRole('searchbox', { name: 'Search orders' });
    this.rows = this.#orders.getByRole('listitem');
    this.importButton = this.#orders.getByRole('button', { name: /^Import/ });
    this.dialog = page.getByRole('dialog');
    this.#thanks = page.getByRole('region', { name: 'Thank-yous' });
  }

  async send(customer: string, address: string): Promise<void> {
    await this.customer.fill(customer);
    await this.address.fill(address);
    await this.sendOrder.click();
  }

  /** The row of an order. @param text its id or its customer */
  order(text: string): Locator {
    return this.#orders.getByRole('listitem').filter({ hasText: text });
  }

  async press(text: string, word: OrderWord): Promise<void> {
    await isStill(this.page);
    await this.button(text, word).click();
  }

  /** A button of an order. What is heard of it begins with the word that is seen, and goes on with which order it is. */
  button(text: string, word: OrderWord): Locator {
    return this.order(text).getByRole('button', { name: new RegExp(`^${word}\\b.*order .+ for `) });
  }

  /** The order's id, which opens its life and notes. */
  idButton(orderID: string): Locator {
    return this.#orders.getByRole('button', { name: new RegExp(`^${orderID}, details of the order for `) });
  }

  /** How many there are of a status, or late; pressed, it shows those alone. */
  counted(word: string): Locator {
    return this.#orders
      .getByRole('group', { name: 'Orders by status' })
      .getByRole('button', { name: new RegExp(`${word}$`) });
  }

  /** Opens an order's life and notes. */
  async details(orderID: string): Promise<Locator> {
    await this.idButton(orderID).click();
    return this.page.getByRole('dialog', { name: `Order ${orderID}` });
  }

  /** Chooses a file of orders. */
  async choose(name: string, table: string): Promise<void> {
    await this.importButton.click();
    await this.chooseIn(name, table);
  }

  /** The same in the dialog, which is open. */
  async chooseIn(name: string, table: string): Promise<void> {
    const buffer = Buffer.from(table);
    await this.dialog
      .getByLabel('CSV file with orders')
      .setInputFiles({ name, mimeType: 'text/csv', buffer });
  }

  /** What is exported now. */
  async exported(): Promise<string> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      button(this.#orders, 'Export CSV').click(),
    ]);
    return readFile(await download.path(), 'utf8');
  }

  /** Of one order, or of all. */
  thanks(orderID = ''): Locator {
    return this.#thanks.getByRole('listitem').filter({ hasText: `Thank you for delivering ${orderID}` });
  }
}

export type Step =
  | 'Picked up'
  | 'Delivered'
  | 'Could not deliver'
  | 'Nobody home'
  | 'Left with…'
  | 'Neighbour'
  | 'Try again'
  | 'Return to shop'
  | 'Returned'
  | 'Release'
  | 'Undo';

const chips: ReadonlySet<Step> = new Set(['Nobody home', 'Neighbour']);

export class DriverPage {
  readonly page: Page;
  readonly autoDeliver: Locator;
  readonly offers: Locator;
  readonly inHand: Locator;
  /** The one big thing to do. */
  readonly next: Locator;
  /** What the hub did not take. */
  readonly refused: Locator;

  constructor(page: Page) {
    this.page = page;
    this.refused = page.getByRole('region', { name: 'Not recorded' });
    this.autoDeliver = page.getByRole('switch', { name: 'Auto deliver' });
    this.offers = page.getByRole('region', { name: 'Offers' }).getByRole('listitem');
    this.next = page.locator('li[data-job="true"] button[data-look="main"]');
    // A parcel has lists of its own: notes, and what is saved.
    this.inHand = page.getByRole('region', { name: 'In hand' }).locator('ul > li[data-status]');
  }

  offer(orderID: string): Locator {
    return this.offers.filter({ hasText: orderID });
  }

  claimButton(orderID: string): Locator {
    return buttonAbout(this.offer(orderID), 'Claim', orderID);
  }

  parcel(orderID: string): Locator {
    return this.inHand.filter({ hasText: orderID });
  }

  stepButton(orderID: string, step: Step): Locator {
    const parcel = this.parcel(orderID);
    // A chip answers a question, and that says which order it is about.
    const isChip = chips.has(step);
    return isChip ? button(parcel, step) : buttonAbout(parcel, step, orderID);
  }

  async claim(orderID: string): Promise<void> {
    await isStill(this.page);
    await this.claimButton(orderID).click();
    await expect(this.parcel(orderID)).toBeVisible();
  }

  /** Writes a note on a parcel. */
  async say(orderID: string, text: string): Promise<void> {
    await this.parcel(orderID)
      .getByRole('button', { name: /^Notes/ })
      .click();
    await this.parcel(orderID).getByLabel('New note').fill(text);
    await buttonAbout(this.parcel(orderID), 'Send note on', orderID).click();
  }

  /** Presses one button after the other, each as soon as it is there. */
  async take(orderID: string, ...steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      await isStill(this.page);
      await this.stepButton(orderID, step).click();
    }
  }
}

/** What a row of the log says of its event to programs. */
export interface Row {
  readonly seq: number;
  readonly event: string;
  readonly orderID: string;
}

export class LogPage {
  readonly page: Page;
  readonly events: Locator;
  readonly rows: Locator;
  readonly search: Locator;
  readonly pause: Locator;
  readonly resume: Locator;
  readonly details: Locator;
  readonly connected: Locator;
  readonly filters: Locator;
  readonly actions: Locator;

  constructor(page: Page) {
    this.page = page;
    this.events = page.getByRole('log', { name: 'Events' });
    // Not those that are still on their way, which no key selects.
    this.rows = this.events.getByRole('listitem').and(page.locator('[data-seq]'));
    this.search = page.getByRole('searchbox', { name: 'Search events' });
    this.pause = page.getByRole('button', { name: 'Pause' });
    this.resume = page.getByRole('button', { name: 'Resume' });
    this.details = page.getByRole('region', { name: 'Parcel details' });
    this.filters = page.getByRole('button', { name: 'Filters', exact: true });
    this.actions = this.details.getByRole('region', { name: 'Actions' });
    this.connected = page.getByRole('region', { name: /^Connected/ }).getByRole('listitem');
  }

  /** Opens a parcel by the row of one of its events. @param word what the row calls the event */
  openParcel(word: string, orderID: string): Promise<void> {
    return this.rows.getByRole('button', { name: new RegExp(`^${word}.*, details of ${orderID}$`) }).click();
  }

  /** The rows that are drawn now, from the upper to the lower. */
  read(): Promise<Row[]> {
    return this.rows.evaluateAll((rows) =>
      rows.map(({ dataset }) => ({
        seq: Number(dataset['seq']),
        event: dataset['event'] ?? '',
        orderID: dataset['order'] ?? '',
      })),
    );
  }

  /** The row of this record. */
  row(seq: number): Locator {
    return this.rows.and(this.page.locator(`[data-seq="${seq}"]`));
  }

  /** Presses keys one after the other, as they are named. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(asTyped(key));
  }

  /** The events of one parcel among them. */
  async life(orderID: string): Promise<string[]> {
    const rows = await this.read();
    return rows.filter((row) => row.orderID === orderID).map(({ event }) => event);
  }
}

export class TrackPage {
  readonly page: Page;
  /** What now, as a person would say it. */
  readonly headline: Locator;
  readonly steps: Locator;
  readonly now: Locator;
  /** Whether it is live. */
  readonly link: Locator;

  constructor(page: Page) {
    this.page = page;
    this.headline = page.getByRole('heading', { level: 1 });
    this.steps = page.getByRole('region', { name: 'Steps' }).getByRole('list').first().locator('> li');
    this.now = page.getByRole('region', { name: 'Now' });
    this.link = page.locator('#link');
  }

  /** From now on pages are opened here that nobody looks at. */
  static async openUnseen(context: BrowserContext): Promise<void> {
    await context.addInitScript(() => {
      let hidden = true;
      Object.defineProperty(document, 'hidden', { get: () => hidden });
      Object.assign(globalThis, {
        lookAtIt() {
          hidden = false;
          document.dispatchEvent(new Event('visibilitychange'));
        },
      });
    });
  }

  async lookAt(): Promise<void> {
    await this.page.evaluate('lookAtIt()');
  }

  /** The step that it is at. */
  get current(): Locator {
    return this.steps.and(this.page.locator('[aria-current="step"]'));
  }
}
