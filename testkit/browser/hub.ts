/**
 * The real hub for browser tests. With its own process it can also be killed and restarted at the same port and data.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { Answer, CapsRecord, Command, ParcelView } from '../../protocol/messages.ts';
import { type HubProcess, startHub } from '../hub-process.ts';
import type { HubHost } from './hub-host.ts';

/** A LAN address, which the browser's host rules map to this machine. */
export const lanHost = '192.168.77.5';

const startMaxMs = 30_000;
const pageMax = 500;

export class Hub {
  readonly #dataFolder: string;
  #own: HubProcess | undefined;
  #port = 0;
  #tcpPort = 0;
  #heard = '';
  #wasKilled = false;

  readonly #settings: Readonly<Record<string, string>>;
  readonly #host: HubHost | undefined;
  #isHosted = false;

  private constructor(
    dataFolder: string,
    settings: Readonly<Record<string, string>>,
    host: HubHost | undefined,
  ) {
    this.#dataFolder = dataFolder;
    this.#settings = settings;
    this.#host = host;
  }

  /** @param host the process to run in; by default its own */
  static async start(settings: Readonly<Record<string, string>> = {}, host?: HubHost): Promise<Hub> {
    const hub = new Hub(await mkdtemp(join(tmpdir(), 'caps-e2e-')), settings, host);
    try {
      await hub.restart();
      return hub;
    } catch (error) {
      await hub.stop();
      throw error;
    }
  }

  get port(): number {
    return this.#port;
  }

  get tcpPort(): number {
    return this.#tcpPort;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** Connections may have been refused since. */
  get wasKilled(): boolean {
    return this.#wasKilled;
  }

  /** Output besides the greeting: at `LOG_LEVEL=warn`, nothing on a good day. */
  get complaints(): string {
    return this.#heard + (this.#own?.said ?? '') + (this.#own?.logged ?? '');
  }

  /** Restarts it at the same port. Resolves when it serves. */
  async restart(): Promise<void> {
    const settings = { CAPS_DATA: this.#dataFolder, LOG_LEVEL: 'warn', ...this.#settings };
    if (this.#host) {
      const hear = (text: string) => {
        this.#heard += text;
      };
      [this.#port, this.#tcpPort] = await this.#host.start(settings, hear);
      this.#isHosted = true;
      return;
    }
    if (this.#own) {
      await this.#own.start();
      return;
    }
    // As users start it: at every address, with the usual rate limit.
    const usual = { isApart: true, host: '', tcp: true, data: this.#dataFolder };
    this.#own = await startHub({ ...usual, env: { CAPS_RATE: '', ...settings } });
    this.#port = Number(new URL(this.#own.url).port);
    this.#tcpPort = this.#own.tcpPort;
  }

  /** `kill -9`: no farewell, nothing flushed. Needs `ownProcess`. */
  async kill(): Promise<void> {
    if (this.#host) throw new Error('This hub shares its process: use({ ownProcess: true }).');
    this.#wasKilled = true;
    await this.#own?.kill();
  }

  /** Stops it and deletes its data. Safe to call twice. @returns its exit code, null if it was not running */
  async stop(): Promise<number | null> {
    const code = await this.#end();
    await rm(this.#dataFolder, { recursive: true, force: true });
    return code;
  }

  async #end(): Promise<number | null> {
    if (this.#isHosted) {
      this.#isHosted = false;
      await this.#host?.stop();
      return 0;
    }
    const wasRunning = this.#own?.isRunning === true;
    const code = await this.#own?.stop();
    await this.#own?.dispose();
    return wasRunning ? (code ?? null) : null;
  }

  // ---- what anyone can ask ----

  /** The whole log, oldest first. */
  async events(): Promise<CapsRecord[]> {
    const events: CapsRecord[] = [];
    for (;;) {
      const after = events.at(-1)?.seq ?? 0;
      const { items } = await this.#get<{ items: CapsRecord[] }>(
        `/api/events?after=${after}&limit=${pageMax}`,
      );
      events.push(...items);
      // A page may be short; it is empty only at the end.
      if (items.length === 0) return events;
    }
  }

  /** A parcel's events, oldest first. @param store only needed where several have an order of this id */
  async life(orderID: string, store?: string): Promise<string[]> {
    const events = await this.events();
    return events
      .filter(({ payload }) => payload.orderID === orderID && payload.store === (store ?? payload.store))
      .map(({ event }) => event);
  }

  async orders(store: string): Promise<ParcelView[]> {
    const { items } = await this.#get<{ items: ParcelView[] }>(
      `/api/orders?store=${encodeURIComponent(store)}&limit=${pageMax}`,
    );
    return items;
  }

  /** Undefined while the hub has no order of this customer. */
  async orderOf(store: string, customer: string): Promise<string | undefined> {
    const orders = await this.orders(store);
    return orders.find(({ payload }) => payload.customer === customer)?.payload.orderID;
  }

  /** Path of the customer's page. */
  async trackingPath(store: string, orderID: string): Promise<string> {
    const path = [store, orderID].map(encodeURIComponent).join('/');
    const { tracking } = await this.#get<{ tracking: string }>(`/api/orders/${path}`);
    return new URL(tracking).pathname;
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(this.url + path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Places orders for this store from another machine, with ids `<store>-1`, `<store>-2`, … */
  async seed(store: string, orders: number): Promise<string[]> {
    const ids = Array.from({ length: orders }, (_, index) => `${store}-${index + 1}`);
    await this.command(
      { role: 'vendor', store },
      ids.map((orderID) => ({
        event: 'pickup',
        payload: { store, orderID, customer: `Customer of ${orderID}`, address: `${orderID} Elm Street` },
      })),
    );
    return ids;
  }

  /** Sends commands without a page. All must be accepted. */
  async command(who: Record<string, string>, commands: readonly Command[]): Promise<void> {
    const socket = io(`${this.url}/caps`, {
      auth: { protocol: PROTOCOL_VERSION, ...who },
      transports: ['websocket'],
      forceNew: true,
    });
    try {
      for (let from = 0; from < commands.length; from += 256) {
        const answers: Answer[] = await socket
          .timeout(startMaxMs)
          .emitWithAck('commands', commands.slice(from, from + 256));
        const refused = answers.find((answer) => !answer.ok);
        if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`);
      }
    } finally {
      socket.disconnect();
    }
  }
}
