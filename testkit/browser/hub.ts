/**
 * The real hub: started and stopped; in a process of its own it can also be killed, and started again on the same port
 * and data.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { Answer, CapsRecord, Command, ParcelView } from '../../protocol/messages.ts';
import type { HubHost } from './hub-host.ts';

/** An address of a local network, which the browser's host rules lead to this machine. */
export const lanHost = '192.168.77.5';

const entry = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const startMaxMs = 30_000;
const pageMax = 500;

export class Hub {
  readonly #dataFolder: string;
  #process: ChildProcess | undefined;
  #port = 0;
  #tcpPort = 0;
  #complaints = '';
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

  /** @param host where it runs; without one it has a process of its own */
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

  /** From then on connections may have been refused. */
  get wasKilled(): boolean {
    return this.#wasKilled;
  }

  /** What the hub wrote besides its greeting: at `LOG_LEVEL=warn`, nothing on a good day. */
  get complaints(): string {
    return this.#complaints;
  }

  /** Starts it on the port that it had before, if it had one. Resolves when it serves. */
  async restart(): Promise<void> {
    const settings = {
      PORT: String(this.#port),
      CAPS_DATA: this.#dataFolder,
      CAPS_TCP_PORT: String(this.#tcpPort),
      LOG_LEVEL: 'warn',
      ...this.#settings,
    };
    if (this.#host) {
      [this.#port, this.#tcpPort] = await this.#host.start(settings, (text) => {
        this.#complaints += text;
      });
      this.#isHosted = true;
      return;
    }
    const child = spawn(process.execPath, [entry], {
      // Nothing of the surroundings but where programs are: the hub must not listen to what a shell has set.
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache'),
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    [this.#port, this.#tcpPort] = await this.#greeted(child);
  }

  /** @returns its ports */
  #greeted(child: ChildProcess): Promise<[http: number, tcp: number]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the hub did not start')), startMaxMs);
      let output = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        this.#complaints += chunk;
      });
      child.stdout?.on('data', (chunk: Buffer) => {
        output += chunk;
        if (String(chunk).startsWith('{')) this.#complaints += chunk;
        const port = /running on {2}http:\/\/localhost:(\d+)\n/.exec(output)?.[1];
        const tcpPort = /by TCP on port (\d+)\.\n/.exec(output)?.[1];
        if (port === undefined || tcpPort === undefined) return;
        clearTimeout(timer);
        resolve([Number(port), Number(tcpPort)]);
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`the hub ended with ${code}: ${this.#complaints}`));
      });
    });
  }

  /** `kill -9`: no farewell, nothing flushed. It needs a process of its own (`ownProcess`). */
  async kill(): Promise<void> {
    if (this.#host) throw new Error('This hub shares its process: use({ ownProcess: true }).');
    this.#wasKilled = true;
    await this.#end('SIGKILL');
  }

  /** Stops it and forgets its data. Safe to call twice. @returns its exit code, null if it was not running */
  async stop(): Promise<number | null> {
    const code = await this.#end('SIGTERM');
    await rm(this.#dataFolder, { recursive: true, force: true });
    return code;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#isHosted) {
      this.#isHosted = false;
      await this.#host?.stop();
      return 0;
    }
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
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
      // A page may be short; it has none only where there are no more.
      if (items.length === 0) return events;
    }
  }

  /** The events of one parcel, oldest first. */
  async life(orderID: string): Promise<string[]> {
    const events = await this.events();
    return events.filter(({ payload }) => payload.orderID === orderID).map(({ event }) => event);
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

  /** Where the customer of an order follows it. */
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

  /** Has so many orders placed by another machine of this store, the ids `<store>-1`, `<store>-2`, … */
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

  /** Sends commands as one who has no page. All must be accepted. */
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
