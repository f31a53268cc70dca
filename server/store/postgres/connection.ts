/** Connections to PostgreSQL, and what their errors mean. */

import { Socket } from 'node:net';
import { Client, type ClientConfig, DatabaseError, Pool, type PoolClient, types } from 'pg';
import { CapsError } from '../../../protocol/errors.ts';
import { unavailableReasons } from '../../../protocol/unavailable.ts';

/** Time to connect. */
const connectMs = 5_000;
/** A server that does not answer for this long counts as gone. */
const answerMs = 15_000;
/** A hub that stands still in a transaction loses it, because it holds all others up. */
const idleMs = 5_000;
/** Time for a goodbye: a server that stands still takes none. */
const goodbyeMs = 1_000;
/** Connections for reading. */
const readersMax = 4;
/** Time of one of their statements: a search through millions of records could take longer. */
const readMs = 10_000;

export type Value =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | null
  | readonly (string | number | null)[];

export interface Statement {
  readonly text: string;
  readonly values?: readonly Value[];
  /** Prepared under this name; no two statements that are sent together may share it. */
  readonly name?: string;
}

/** The connection broke, or the server went away: whether the last statement took effect is unknown. */
export class ConnectionError extends CapsError {
  constructor(cause: unknown) {
    super('unavailable', unavailableReasons['database-away']);
    this.cause = cause;
  }
}

const int8 = 20;
/** SQLSTATE of a statement that was cancelled. */
const tookTooLong = '57014';

/**
 * A page is read in the order of an index, up to its limit. The planner would rather collect and sort a list's rest for each
 * of its pages, and compile statements that take a millisecond.
 */
const inOrder = '-c enable_bitmapscan=off -c enable_sort=off -c jit=off';

/** @param url as in DATABASE_URL */
export function clientConfig(url: string): ClientConfig {
  const address = new URL(url);
  // Some providers want options of their own, and what an address says goes before what is said here.
  const options = [address.searchParams.get('options'), '-c search_path=caps', inOrder];
  // An export tells hubs from others by their name.
  for (const name of ['options', 'application_name']) address.searchParams.delete(name);
  // The driver would read PostgreSQL's own words in another way, and warn of it. `no-verify` is a word of the driver's.
  const sslMode = address.searchParams.get('sslmode');
  if (sslMode !== null && sslMode !== 'no-verify') address.searchParams.set('uselibpqcompat', 'true');
  return {
    connectionString: address.href,
    application_name: 'caps',
    connectionTimeoutMillis: connectMs,
    query_timeout: answerMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    pipeline: true,
    idle_in_transaction_session_timeout: idleMs,
    options: options.filter((option) => option !== null).join(' '),
    types: {
      getTypeParser: ((oid: number, format?: 'text') =>
        oid === int8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  };
}

/** One connection, with its own transactions. */
export class Connection {
  readonly #client: Client | PoolClient;

  constructor(client: Client | PoolClient) {
    this.#client = client;
  }

  /** @throws ConnectionError; DatabaseError if the server refuses the statement */
  async run<T extends object>(text: string, values: readonly Value[] = []): Promise<T[]> {
    const [rows = []] = await this.all([{ text, values }]);
    return rows as T[];
  }

  /** Several statements without values. */
  async script(text: string): Promise<void> {
    await this.#one({ text });
  }

  /**
   * Sends all statements at once, and waits for all answers.
   * @throws the first error, as `run`
   */
  async all(statements: readonly Statement[]): Promise<object[][]> {
    const answers = await Promise.allSettled(statements.map((statement) => this.#one(statement)));
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed) throw failed.reason;
    return answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }

  async #one({ text, values = [], name }: Statement): Promise<object[]> {
    try {
      const query = { text, values: [...values], ...(name === undefined ? {} : { name }) };
      const { rows, command } = await this.#client.query(values.length === 0 && !name ? text : query);
      // A failed transaction answers its COMMIT with a ROLLBACK, which is no error.
      if (text === 'COMMIT' && command !== 'COMMIT') throw new Error('the transaction was rolled back');
      return rows ?? [];
    } catch (error) {
      if (error instanceof DatabaseError && error.code === tookTooLong) {
        throw new CapsError('busy', 'This takes the database too long now; ask for less, or try again.');
      }
      throw isAnswer(error) ? error : new ConnectionError(error);
    }
  }
}

/** Whether the server has refused a statement, and its connection goes on. */
function isAnswer(error: unknown): boolean {
  if (error instanceof Error && error.message === 'the transaction was rolled back') return true;
  if (!(error instanceof DatabaseError)) return false;
  // 08: connection, 57P: the server stops or ends this session, 25P03: this transaction stood still for too long,
  // 25006: this is a standby, and another connection may lead to the primary.
  return !/^(08|57P|25P03|25006)/.test(error.code ?? '');
}

/** Connections for reading, taken for one question each. */
export class Readers {
  readonly #pool: Pool;
  readonly #sockets = new Set<Socket>();

  constructor(config: ClientConfig, onFault: (error: unknown) => void) {
    const stream = () => {
      const socket = new Socket();
      this.#sockets.add(socket);
      return socket.once('close', () => this.#sockets.delete(socket));
    };
    this.#pool = new Pool({
      ...config,
      stream,
      statement_timeout: readMs,
      max: readersMax,
      idleTimeoutMillis: 60_000,
    });
    // An idle connection broke: the next question opens another.
    this.#pool.on('error', onFault);
    // Of one in use its question learns, and an event that nobody listens to would end the process.
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  /** @throws ConnectionError */
  async use<T>(run: (connection: Connection) => Promise<T>): Promise<T> {
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw new ConnectionError(error);
    }
    let broken = false;
    try {
      return await run(new Connection(client));
    } catch (error) {
      broken = error instanceof ConnectionError;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await inTime(this.#pool.end(), () => {
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

/** Waits for a goodbye, or ends without. */
async function inTime(goodbye: Promise<unknown>, end: () => void): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, goodbyeMs);
  });
  await Promise.race([goodbye.catch(() => {}), late]);
  clearTimeout(timer);
  end();
}

interface OpenConnection {
  readonly client: Client;
  readonly socket: Socket;
  readonly connection: Connection;
}

/** One connection that lasts: opened when it is needed, and again after it broke. */
export class LastingConnection {
  readonly #config: ClientConfig;
  readonly #onOpen: ((connection: Connection, client: Client) => Promise<void>) | undefined;
  #open: OpenConnection | undefined;
  #opening: Promise<Connection> | undefined;
  #isClosed = false;

  /** @param onOpen called with each new connection before it is used */
  constructor(config: ClientConfig, onOpen?: (connection: Connection, client: Client) => Promise<void>) {
    this.#config = config;
    this.#onOpen = onOpen;
  }

  /** @throws ConnectionError */
  get(): Promise<Connection> {
    this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #connect(): Promise<Connection> {
    const socket = new Socket();
    const client = new Client({ ...this.#config, stream: () => socket });
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    try {
      if (this.#isClosed) throw new Error('closed');
      await client.connect();
      const connection = new Connection(client);
      await this.#onOpen?.(connection, client);
      // It may have broken, or been closed, meanwhile.
      if (this.#isClosed || socket.destroyed) throw new Error('closed');
      this.#open = { client, socket, connection };
      return connection;
    } catch (error) {
      socket.destroy();
      throw error instanceof ConnectionError ? error : new ConnectionError(error);
    }
  }

  /**
   * Ends the connection at once, with what is under way on it: its server may stand still.
   * @param connection if it is another one by now, that stays
   */
  drop(connection?: Connection): void {
    const open = this.#open;
    if (!open || (connection && connection !== open.connection)) return;
    this.#lost(open.client);
    open.socket.destroy();
  }

  #lost(client: Client): void {
    if (this.#open?.client !== client) return;
    this.#open = undefined;
    this.#opening = undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const open = this.#open;
    this.#open = undefined;
    this.#opening = undefined;
    if (open) await inTime(open.client.end(), () => open.socket.destroy());
  }
}
