/**
 * Machines that one test after the other uses: a page of one that is there takes less than half of the CPU that a page of
 * a new one takes. It is given back as a new one would be: nothing stored, nothing cached, no cookie, a blank page. One
 * on which a test did something that cannot be taken back, such as a script that runs in every page, is closed instead.
 */

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright/test';

/** What stays on a machine, or on its page, and cannot be taken back. */
const lastingOnContext = [
  ...['addInitScript', 'exposeBinding', 'exposeFunction', 'routeFromHAR', 'routeWebSocket'],
  ...['setGeolocation', 'setExtraHTTPHeaders', 'setHTTPCredentials', 'newCDPSession', 'once', 'close'],
] as const;
const lastingOnPage = [
  ...['addInitScript', 'exposeBinding', 'exposeFunction', 'routeFromHAR', 'routeWebSocket'],
  ...['emulateMedia', 'setExtraHTTPHeaders', 'addLocatorHandler', 'once', 'close'],
] as const;
/** What is taken back when the test is over. */
const undone = ['setOffline', 'grantPermissions', 'route', 'on'] as const;
const lastingOnClock = ['install', 'setFixedTime', 'setSystemTime', 'pauseAt'] as const;

export class PooledMachine {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly key: string;
  readonly #newPage: () => Promise<Page>;
  readonly #origin: string;
  readonly #size: { width: number; height: number } | null;
  #isSpoilt = false;
  readonly #undo: (() => unknown)[] = [];
  #isPageTaken = false;

  static async open(browser: Browser, options: BrowserContextOptions, key: string): Promise<PooledMachine> {
    const context = await browser.newContext(options);
    return new PooledMachine(context, await context.newPage(), key, options.baseURL ?? '');
  }

  private constructor(context: BrowserContext, page: Page, key: string, origin: string) {
    this.context = context;
    this.page = page;
    this.key = key;
    this.#origin = origin;
    this.#size = page.viewportSize();
    this.#newPage = context.newPage.bind(context);
    context.newPage = () => {
      if (this.#isPageTaken) return this.#newPage();
      this.#isPageTaken = true;
      return Promise.resolve(page);
    };
  }

  /** From here on a test has it, and what it does that lasts is noticed. */
  lend(): void {
    const { context, page } = this;
    for (const [of, names] of this.#lasting()) {
      for (const name of names) {
        this.#notice(of, name, () => {
          this.#isSpoilt = true;
        });
      }
    }
    const undoLater = (of: object, name: string, undo: (...args: unknown[]) => unknown) =>
      this.#notice(of, name, (...args) => void this.#undo.push(() => undo(...args)));
    undoLater(context, 'setOffline', () => context.setOffline(false));
    undoLater(context, 'grantPermissions', () => context.clearPermissions());
    for (const of of [context, page]) {
      undoLater(of, 'route', () => of.unrouteAll({ behavior: 'ignoreErrors' }));
      const { off } = of;
      undoLater(of, 'on', (...args) => Reflect.apply(off, of, args));
    }
  }

  /** @param hear what happens before each call of the method */
  #notice(of: object, name: string, hear: (...args: unknown[]) => void): void {
    const method: unknown = Reflect.get(of, name);
    if (typeof method !== 'function') throw new Error(`Playwright has no ${name}.`);
    Reflect.set(of, name, (...args: unknown[]) => {
      hear(...args);
      return Reflect.apply(method, of, args);
    });
  }

  #lasting() {
    return [
      [this.context, lastingOnContext],
      [this.page, lastingOnPage],
      [this.context.clock, lastingOnClock],
      [this.page.clock, lastingOnClock],
    ] as const;
  }

  #unwatch(): void {
    for (const [of, names] of this.#lasting()) for (const name of names) Reflect.deleteProperty(of, name);
    for (const name of undone) for (const of of [this.context, this.page]) Reflect.deleteProperty(of, name);
  }

  /** @returns whether it is as good as new; else it is closed */
  async restore(): Promise<boolean> {
    this.#unwatch();
    if (this.#isSpoilt) {
      await this.context.close();
      return false;
    }
    for (const undo of this.#undo.splice(0)) await undo();
    const others = this.context.pages().filter((page) => page !== this.page);
    await Promise.all(others.map((page) => page.close()));
    if (this.#isPageTaken) {
      if (this.page.url().startsWith(this.#origin)) await this.page.evaluate(() => sessionStorage.clear());
      await this.page.goto('about:blank');
      if (this.#size) await this.page.setViewportSize(this.#size);
      const wire = await this.context.newCDPSession(this.page);
      await wire.send('Storage.clearDataForOrigin', { origin: this.#origin, storageTypes: 'all' });
      await wire.send('Network.clearBrowserCache');
      await wire.detach();
      await this.context.clearCookies();
      await this.page.mouse.move(0, 0);
    }
    this.#isPageTaken = false;
    return true;
  }
}

export class MachinePool {
  readonly #free: PooledMachine[] = [];

  /** @param options what makes it another machine than the others */
  async take(browser: Browser, options: BrowserContextOptions, more: object): Promise<PooledMachine> {
    const key = JSON.stringify([options, more]);
    const at = this.#free.findIndex((one) => one.key === key);
    const [free] = at < 0 ? [] : this.#free.splice(at, 1);
    return free ?? (await PooledMachine.open(browser, options, key));
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
