/** Page objects, in their users' words. */

import { readFile } from 'node:fs/promises';
import { type BrowserContext, expect, type Locator, type Page } from 'playwright/test';
import { asTyped } from './keyboard.ts';

const button = (where: Locator, name: string): Locator => where.getByRole('button', { name, exact: true });
/** A button whose name continues with its order. */
const buttonAbout = (where: Locator, name: string, orderID: string): Locator =>
  button(where, `${name} order ${orderID}`);

/** The badge of the connection's state. */
export function badge(page: Page): Locator {
  return page.getByRole('group', { name: 'Connection' });
}

/** Where a page asks how it is used. */
export function wayQuestion(page: Page): Locator {
  return page.getByRole('region', { name: 'How this page is used' });
}

/** Resolves when nothing moves: a tap on a moving row does nothing. */
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

/** Presses a button as soon as it is there and nothing moves: what has just taken another's place ignores presses, too. */
export async function pressStill(button: Locator): Promise<void> {
  await button.waitFor();
  await isStill(button.page());
  await button.click();
}

/** What is measured and then drawn anew, such as a list of which only a part is drawn, takes a frame more. */
export function isDrawn(page: Page): Promise<unknown> {
  return page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
}

/** Presses again, as a person would, while a button that a press makes disappear is still there. */
async function pressUntilGone(button: Locator): Promise<void> {
  await expect(async () => {
    const isGone = await button.waitFor({ state: 'hidden', timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (!isGone) await button.click({ timeout: 1_000 });
    expect(isGone).toBe(true);
  }).toPass();
}

/** Runs in a page before anything else: stretches or shortens the time that messages stay visible. */
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
  /** The open dialog. */
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

  /** An order's row. @param text its id or its customer */
  order(text: string): Locator {
    return this.#orders.getByRole('listitem').filter({ hasText: text });
  }

  async press(text: string, word: OrderWord): Promise<void> {
    await pressStill(this.button(text, word));
  }

  /** An order's button. Its accessible name begins with the visible word and continues with the order. */
  button(text: string, word: OrderWord): Locator {
    return this.order(text).getByRole('button', { name: new RegExp(`^${word}\\b.*order .+ for `) });
  }

  /** The customer and the id, which open the order's life and notes. */
  idButton(orderID: string): Locator {
    return this.#orders.getByRole('button', { name: new RegExp(` · ${orderID}, details of the order$`) });
  }

  /** The counter of a status, or of late orders; pressed, it filters by that. */
  counted(word: string): Locator {
    return this.#orders
      .getByRole('group', { name: 'Orders by status' })
      .getByRole('button', { name: new RegExp(`${word}$`) });
  }

  /** Opens an order's life and notes. */
  /** A press on a row that moves is ignored: a person presses again. */
  async details(orderID: string): Promise<Locator> {
    const dialog = this.page.getByRole('dialog', { name: ` · ${orderID}` });
    await expect(async () => {
      if (!(await dialog.isVisible())) await this.idButton(orderID).click({ timeout: 5_000 });
      await expect(dialog).toBeVisible({ timeout: 2_000 });
    }).toPass();
    return dialog;
  }

  /** Chooses a file of orders. */
  async choose(name: string, table: string): Promise<void> {
    await this.importButton.click();
    await this.chooseIn(name, table);
  }

  /** Chooses a file in the open dialog. */
  async chooseIn(name: string, table: string): Promise<void> {
    const buffer = Buffer.from(table);
    await this.dialog
      .getByLabel('CSV or Excel file with orders')
      .setInputFiles({ name, mimeType: 'text/csv', buffer });
  }

  /** Presses a button behind *More*. */
  async more(name: string): Promise<void> {
    await button(this.#orders, 'More').click();
    await button(this.page.getByRole('dialog', { name: 'More' }), name).click();
  }

  /** Exports the orders now. */
  async exported(): Promise<string> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.more('Export CSV')]);
    return readFile(await download.path(), 'utf8');
  }

  /** Thanks for one order, or for all. */
  thanks(orderID = ''): Locator {
    return this.#thanks.getByRole('listitem').filter({ hasText: `Thank you for delivering ${orderID}` });
  }
}

export type Step =
  | 'Picked up'
  | 'Delivered'
  | 'Could not deliver'
  | 'Nobody home'
  | 'Do next'
  | 'Later'
  | 'Neighbour'
  | 'Try again'
  | 'Return to shop'
  | 'Returned'
  | 'Release'
  | 'Undo';

const chips: ReadonlySet<Step> = new Set(['Nobody home']);
/** Steps after which another one takes their place. */
const changing: ReadonlySet<Step> = new Set([
  ...(['Picked up', 'Delivered', 'Try again', 'Return to shop', 'Returned', 'Release'] as const),
]);

export class DriverPage {
  readonly page: Page;
  readonly autoDeliver: Locator;
  readonly offers: Locator;
  readonly inHand: Locator;
  /** The one big button. */
  readonly next: Locator;
  /** Commands that the hub refused. */
  readonly refused: Locator;

  constructor(page: Page) {
    this.page = page;
    this.refused = page.getByRole('region', { name: 'Not recorded' });
    this.autoDeliver = page.getByRole('switch', { name: 'Auto deliver' });
    this.offers = page.getByRole('region', { name: 'Offers' }).getByRole('listitem');
    this.next = page.locator('li[data-job="true"] button[data-look="main"]');
    // A parcel contains further lists: notes, and unsent commands.
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

  /** Opens a stop, unless it is the open one. */
  async openStop(orderID: string): Promise<void> {
    const row = this.parcel(orderID).locator('button[aria-expanded="false"]:first-child');
    await this.parcel(orderID).waitFor();
    if ((await row.count()) > 0 && (await this.parcel(orderID).getAttribute('data-job')) === 'false') {
      await pressStill(row);
    }
  }

  stepButton(orderID: string, step: Step): Locator {
    const parcel = this.parcel(orderID);
    // A chip answers a question that names the order.
    const isChip = chips.has(step);
    return isChip ? button(parcel, step) : buttonAbout(parcel, step, orderID);
  }

  async claim(orderID: string): Promise<void> {
    await pressStill(this.claimButton(orderID));
    await pressUntilGone(this.claimButton(orderID));
    await expect(this.parcel(orderID)).toBeVisible();
  }

  /** Writes a note on a parcel. */
  async say(orderID: string, text: string): Promise<void> {
    await this.openStop(orderID);
    await pressStill(this.parcel(orderID).getByRole('button', { name: /^Notes/ }));
    await this.parcel(orderID).getByLabel('New note').fill(text);
    await pressStill(buttonAbout(this.parcel(orderID), 'Send note on', orderID));
  }

  /** Presses the buttons in order, each as soon as it is there. */
  async take(orderID: string, ...steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step !== 'Undo') await this.openStop(orderID);
      const button = this.stepButton(orderID, step);
      await pressStill(button);
      // The row may have moved at this very moment, e.g. because the hub has answered, and then ignores the press.
      if (changing.has(step)) await pressUntilGone(button);
    }
  }
}

/** A row's data attributes. */
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
    // Without rows still being sent, which no key selects.
    this.rows = this.events.getByRole('listitem').and(page.locator('[data-seq]'));
    this.search = page.getByRole('searchbox', { name: 'Search events' });
    this.pause = page.getByRole('button', { name: 'Pause' });
    this.resume = page.getByRole('button', { name: 'Resume' });
    this.details = page.getByRole('region', { name: 'Parcel details' });
    this.filters = page.getByRole('button', { name: 'Filters', exact: true });
    this.actions = this.details.getByRole('region', { name: 'Actions' });
    this.connected = page.getByRole('region', { name: /^Connected/ }).getByRole('listitem');
  }

  /** Opens a parcel by one of its rows. @param word the row's name of the event */
  openParcel(word: string, orderID: string): Promise<void> {
    return this.rows.getByRole('button', { name: new RegExp(`^${word}.*, details of ${orderID}$`) }).click();
  }

  /** The rows drawn now, from top to bottom. */
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

  /** Presses keys by name. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(asTyped(key));
  }

  /** A parcel's events among them. */
  async life(orderID: string): Promise<string[]> {
    const rows = await this.read();
    return rows.filter((row) => row.orderID === orderID).map(({ event }) => event);
  }
}

export class TrackPage {
  readonly page: Page;
  /** The sentence about what happens now. */
  readonly headline: Locator;
  readonly steps: Locator;
  readonly now: Locator;
  /** The state of the connection. */
  readonly link: Locator;

  constructor(page: Page) {
    this.page = page;
    this.headline = page.getByRole('heading', { level: 1 });
    this.steps = page.getByRole('region', { name: 'Steps' }).getByRole('list').first().locator('> li');
    this.now = page.getByRole('region', { name: 'Now' });
    this.link = page.locator('#link');
  }

  /** From now on, pages here open in the background. */
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

  /** The current step. */
  get current(): Locator {
    return this.steps.and(this.page.locator('[aria-current="step"]'));
  }
}
