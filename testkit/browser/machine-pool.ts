/**
 * Machines that one test after the other uses: a page of one that is there takes less than half of the CPU that a page of
 * a new one takes. It is given back as a new one would be: nothing stored, no cookie, a blank page. The files in its HTTP
 * cache stay, so each script is compiled once: the address of a file that browsers may keep changes with its content, and
 * all else is asked for again. A machine on which a test did something that cannot be taken back, such as a stopped clock,
 * is closed instead.
 */

import type { Browser, BrowserContext, BrowserContextOptions, Page, ViewportSize } from 'playwright/test';

/** What stays on a machine, or on its page, and cannot be taken back. */
const lastingOnContext = [
  ...['exposeFunction', 'routeFromHAR', 'routeWebSocket', 'setGeolocation', 'setExtraHTTPHeaders'],
  ...['setHTTPCredentials', 'once', 'close'],
] as const;
const lastingOnPage = [
  ...[
    'exposeFunction',
    'routeFromHAR',
    'routeWebSocket',
    'setExtraHTTPHeaders',
    'addLocatorHandler',
    'once',
    'close',
  ],
] as const;
const lastingOnClock = ['install', 'setFixedTime', 'setSystemTime', 'pauseAt'] as const;
/** What is taken back when the test is over. */
const undone = ['setOffline', 'grantPermissions', 'newCDPSession', 'emulateMedia'] as const;
const undoneOnBoth = ['route', 'on', 'addInitScript', 'exposeBinding'] as const;

/** Machines with the same key differ in nothing but the size of their pages, which changes. */
const keyOf = (...options: readonly BrowserContextOptions[]): string => JSON.stringify(options);

/** Playwright's default. */
const usualSize: ViewportSize = { width: 1280, height: 720 };

export class PooledMachine {
  readonly context: BrowserContext;
  readonly key: string;
  readonly #options: BrowserContextOptions;
  readonly #newPage: () => Promise<Page>;
  readonly #undo: (() => unknown)[] = [];
  #page: Page;
  #size = usualSize;
  #isSpoilt = false;
  #isPageTaken = false;

  /** @param more options that Playwright adds itself */
  static async open(
    browser: Browser,
    options: BrowserContextOptions,
    more: BrowserContextOptions,
  ): Promise<PooledMachine> {
    const context = await browser.newContext(options);
    return new PooledMachine(context, await context.newPage(), options, more);
  }

  private constructor(
    context: BrowserContext,
    page: Page,
    options: BrowserContextOptions,
    more: BrowserContextOptions,
  ) {
    this.context = context;
    this.#page = page;
    this.#options = { ...more, ...options };
    this.key = keyOf(options, more);
    this.#newPage = context.newPage.bind(context);
    context.newPage = async () => {
      const next = this.#isPageTaken ? await this.#newPage() : this.#page;
      this.#isPageTaken = true;
      const size = next.viewportSize();
      const isSized = size?.width === this.#size.width && size.height === this.#size.height;
      if (!isSized) await next.setViewportSize(this.#size);
      return next;
    };
  }

  /**
   * From here on a test has it, and what it does that lasts is noticed.
   * @param size of each page that the test opens; one that a page opens has the usual size
   */
  lend(size: ViewportSize): void {
    this.#size = size;
    const { context } = this;
    const page = this.#page;
    for (const [of, names] of this.#lasting()) {
      for (const name of names) {
        this.#notice(of, name, () => {
          this.#isSpoilt = true;
        });
      }
    }
    const undoLater = (of: object, name: string, undo: (result: unknown, args: unknown[]) => unknown) =>
      this.#notice(of, name, (result, args) => void this.#undo.push(() => undo(result, args)));
    undoLater(context, 'setOffline', () => context.setOffline(false));
    undoLater(context, 'grantPermissions', () => context.clearPermissions());
    // Tests detach some themselves.
    undoLater(context, 'newCDPSession', (session) => call(session, 'detach').catch(() => {}));
    const { colorScheme = 'light', reducedMotion = 'no-preference' } = this.#options;
    undoLater(page, 'emulateMedia', () => page.emulateMedia({ media: null, colorScheme, reducedMotion }));
    for (const of of [context, page]) {
      undoLater(of, 'route', () => of.unrouteAll({ behavior: 'ignoreErrors' }));
      const { off } = of;
      undoLater(of, 'on', (_, args) => Reflect.apply(off, of, args));
      undoLater(of, 'addInitScript', (script) => call(script, 'dispose'));
      undoLater(of, 'exposeBinding', (binding) => call(binding, 'dispose'));
    }
  }

  /** @param hear what happens after each call of the method */
  #notice(of: object, name: string, hear: (result: unknown, args: unknown[]) => void): void {
    const method: unknown = Reflect.get(of, name);
    if (typeof method !== 'function') throw new Error(`Playwright has no ${name}.`);
    Reflect.set(of, name, (...args: unknown[]) => {
      const result: unknown = Reflect.apply(method, of, args);
      hear(result, args);
      return result;
    });
  }

  #lasting() {
    return [
      [this.context, lastingOnContext],
      [this.#page, lastingOnPage],
      [this.context.clock, lastingOnClock],
      [this.#page.clock, lastingOnClock],
    ] as const;
  }

  #unwatch(): void {
    for (const [of, names] of this.#lasting()) for (const name of names) Reflect.deleteProperty(of, name);
    for (const of of [this.context, this.#page]) {
      for (const name of [...undone, ...undoneOnBoth]) Reflect.deleteProperty(of, name);
    }
  }

  /** @returns whether it is as good as new; else it is closed */
  async restore(): Promise<boolean> {
    this.#unwatch();
    if (this.#isSpoilt) {
      await this.context.close();
      return false;
    }
    for (const undo of this.#undo.splice(0)) await undo();
    const others = this.context.pages().filter((page) => page !== this.#page);
    await Promise.all(others.map((page) => page.close()));
    if (this.#isPageTaken) await this.#empty(this.#page);
    this.#isPageTaken = false;
    return true;
  }

  async #empty(page: Page): Promise<void> {
    const origin = this.#options.baseURL ?? '';
    if (page.url().startsWith(origin)) await page.evaluate(() => sessionStorage.clear());
    await page.goto('about:blank');
    const wire = await this.context.newCDPSession(page);
    await wire.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    await wire.detach();
    await this.context.clearCookies();
    await page.mouse.move(0, 0);
  }
}

/** Calls a method of what a promise resolves to. */
async function call(promise: unknown, name: string): Promise<unknown> {
  const result: unknown = await promise;
  if (typeof result !== 'object' || result === null)
    throw new Error(`Playwright returns nothing to ${name}.`);
  const method: unknown = Reflect.get(result, name);
  if (typeof method !== 'function') throw new Error(`Playwright has no ${name}.`);
  return Reflect.apply(method, result, []);
}

export class MachinePool {
  readonly #free: PooledMachine[] = [];

  /** @param more options that Playwright adds itself */
  async take(
    browser: Browser,
    { viewport, ...options }: BrowserContextOptions,
    more: BrowserContextOptions,
  ): Promise<PooledMachine> {
    const key = keyOf(options, more);
    const at = this.#free.findIndex((one) => one.key === key);
    const [free] = at < 0 ? [] : this.#free.splice(at, 1);
    const machine = free ?? (await PooledMachine.open(browser, options, more));
    machine.lend(viewport ?? usualSize);
    return machine;
  }

  async giveBack(machine: PooledMachine): Promise<void> {
    if (!(await machine.restore())) return;
    this.#free.push(machine);
    const [oldest] = this.#free.length > machinesMax ? this.#free.splice(0, 1) : [];
    await oldest?.context.close();
  }

  async close(): Promise<void> {
    for (const { context } of this.#free.splice(0)) await context.close();
  }
}

/** Those that nobody uses at the moment. */
const machinesMax = 6;
