/** Every test has a hub of its own and as many machines as it wants: browser contexts that share nothing. */

import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  type ConsoleMessage,
  expect,
  type Page,
  type Request,
  type WebError,
  type WebSocket,
} from 'playwright/test';
import { Hub } from './hub.ts';
import { HubHost } from './hub-host.ts';
import { MachinePool, type PooledMachine } from './machine-pool.ts';

interface Machines {
  /** By which name the machines reach the hub. */
  host: string;
  /** Of the hub, beside those that every test's hub has. */
  settings: Record<string, string>;
  /** Whether the hub has a process of its own, which can be killed. Else it runs where the hub of the test before ran. */
  ownProcess: boolean;
  /** Whether its machines are new, with an empty cache. Else they are those of the test before, which have the scripts. */
  newMachines: boolean;
  /** Started before the test, stopped after it; a hub that complained of anything fails the test. */
  hub: Hub;
  /** Another machine. What goes wrong on any page of it fails the test, see `Troubles`. */
  machine: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** Shorthand for a page of a machine of its own. */
  open: (path: string) => Promise<Page>;
  troubles: Troubles;
}

interface Worker {
  hubHost: HubHost;
  machinePool: MachinePool;
}

export const test = base.extend<Machines, Worker>({
  hubHost: [
    // biome-ignore lint/correctness/noEmptyPattern: this is how Playwright sees that it needs nothing.
    async ({}, use) => {
      const host = new HubHost();
      await use(host);
      host.close();
    },
    { scope: 'worker' },
  ],
  machinePool: [
    // biome-ignore lint/correctness/noEmptyPattern: this is how Playwright sees that it needs nothing.
    async ({}, use) => {
      const pool = new MachinePool();
      await use(pool);
      await pool.close();
    },
    { scope: 'worker' },
  ],
  ownProcess: [false, { option: true }],
  newMachines: [false, { option: true }],
  host: ['localhost', { option: true }],
  settings: [{}, { option: true }],
  hub: async ({ settings, ownProcess, hubHost }, use) => {
    const hub = await Hub.start(settings, ownProcess ? undefined : hubHost);
    await use(hub);
    const code = await hub.stop();
    expect.soft(hub.complaints).toBe('');
    expect.soft(code, 'exit code of the hub').toBe(0);
  },
  troubles: async ({ hub, host }, use) => {
    const troubles = new Troubles(hub, host);
    await use(troubles);
    expect(troubles.found).toEqual([]);
  },
  machine: async (
    { browser, hub, host, troubles, machinePool, ownProcess, newMachines, serviceWorkers, contextOptions },
    use,
  ) => {
    const contexts: BrowserContext[] = [];
    const pooled: PooledMachine[] = [];
    // A hub of a process of its own has a port that no other test has. What a service worker does is its own affair.
    const isPooled = !ownProcess && !newMachines && serviceWorkers === 'block';
    await use(async (options = {}) => {
      const all = { baseURL: `http://${host}:${hub.port}`, ...options };
      if (isPooled) {
        const one = await machinePool.take(browser, all, contextOptions);
        pooled.push(one);
        troubles.watch(one.context);
        return one.context;
      }
      const context = await browser.newContext(all);
      contexts.push(context);
      troubles.watch(context);
      return context;
    });
    for (const context of contexts) await context.close();
    troubles.unwatch();
    for (const one of pooled) await machinePool.giveBack(one);
  },
  open: async ({ machine }, use) => {
    await use(async (path) => {
      const page = await (await machine()).newPage();
      await page.goto(path);
      return page;
    });
  },
});

/**
 * What no page may do, whatever it is used for: write an error to its console (a refusal of the content security
 * policy is one), throw, or ask another origin for anything.
 */
class Troubles {
  readonly found: string[] = [];
  readonly #hub: Hub;
  readonly #host: string;
  readonly #expected: RegExp[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(hub: Hub, host: string) {
    this.#hub = hub;
    this.#host = host;
  }

  /** An error that a test provokes. */
  expect(message: RegExp): void {
    this.#expected.push(message);
  }

  watch(context: BrowserContext): void {
    const hearConsole = (message: ConsoleMessage) => {
      if (message.type() === 'error') this.#report(`${message.page()?.url()} wrote: ${message.text()}`);
    };
    const hearError = (error: WebError) => this.#report(`uncaught: ${error.error().stack}`);
    const hearRequest = (request: Request) => this.#checkOrigin(request.url());
    const hearSocket = (socket: WebSocket) => this.#checkOrigin(socket.url());
    const watchPage = (page: Page) => {
      page.on('websocket', hearSocket);
      this.#ends.push(() => page.off('websocket', hearSocket));
    };
    context.on('console', hearConsole).on('weberror', hearError).on('request', hearRequest);
    context.on('page', watchPage);
    for (const page of context.pages()) watchPage(page);
    this.#ends.push(() => {
      context.off('console', hearConsole).off('weberror', hearError).off('request', hearRequest);
      context.off('page', watchPage);
    });
  }

  /** Machines that go on without this test. */
  unwatch(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #checkOrigin(url: string): void {
    // An image that a page has made of bytes is the page's own.
    const { host } = new URL(url.replace(/^blob:/, ''));
    if (host !== `${this.#host}:${this.#hub.port}`) this.#report(`asked another origin: ${url}`);
  }

  #report(trouble: string): void {
    // A browser writes of every refused connection, and no page can keep it from that.
    if (this.#hub.wasKilled && /net::ERR_|WebSocket connection to .* failed/.test(trouble)) return;
    if (!this.#expected.some((message) => message.test(trouble))) this.found.push(trouble);
  }
}
