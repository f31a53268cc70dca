/**
 * The network between a hub and its PostgreSQL, which can stand still, break, and lose a commit's request or its answer.
 * It reads the messages of the hub far enough to know a COMMIT.
 */

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of a COMMIT, and of its connection. */
export type CommitFate =
  | 'pass'
  /** It never reaches the database; the connection breaks. */
  | 'lose-request'
  /** It takes effect; the connection breaks before the answer. */
  | 'lose-reply'
  /** The hub loses its connection at once, while the database is still at it. */
  | 'break'
  /** The hub loses its connection at once; a network that kept the request delivers it a moment later. */
  | 'delay'
  /** It waits, with the head in its hub's hands, for `release`. */
  | 'hold';

/** Which way nothing passes. */
export type Partition = 'both ways' | 'to the database' | 'to the hub';

/** Delay of a delayed COMMIT: longer than a hub takes to come back and ask. */
const delayMs = 150;
const startupType = '';

export class DatabaseWire {
  /** Called for each COMMIT of the hub. */
  onCommit: () => CommitFate = () => 'pass';
  readonly #server: Server;
  readonly #port: number;
  readonly #links = new Set<Link>();
  #partition: Partition | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((hub) => this.#serve(hub));
  }

  /** @param port of the database, on loopback */
  static async start(port: number): Promise<DatabaseWire> {
    const wire = new DatabaseWire(port);
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  /** The same database's address, over this wire. */
  urlOf(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    const address = this.#server.address();
    url.port = String(typeof address === 'object' && address ? address.port : 0);
    return url.href;
  }

  #serve(hub: Socket): void {
    const database = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const link = new Link(hub, database, () => this.onCommit());
    this.#links.add(link);
    for (const socket of [hub, database]) {
      socket.once('close', () => {
        if (link.isOver) this.#links.delete(link);
      });
    }
    if (this.#partition) link.part(this.#partition);
  }

  /** Nothing passes any more, not even that a connection has ended. */
  hold(partition: Partition = 'both ways'): void {
    this.#partition = partition;
    for (const link of this.#links) link.part(partition);
  }

  /** All that waits passes. */
  release(): void {
    this.#partition = undefined;
    for (const link of this.#links) link.release();
  }

  /** All connections break. */
  sever(): void {
    for (const link of this.#links) link.end();
  }

  close(): void {
    this.#server.close();
    this.sever();
  }
}

class Link {
  readonly #hub: Socket;
  readonly #database: Socket;
  readonly #fateOf: () => CommitFate;
  /** Bytes of the hub that are no whole message yet. */
  #rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #hasStarted = false;
  /** A COMMIT waits, and what comes after it. */
  #isStill = false;
  #partition: Partition | undefined;
  /** An end that the other side has not heard of. */
  #hasHubEnded = false;
  #hasDatabaseEnded = false;
  /** Waits for `release`, either way. */
  #heldForDatabase: Buffer[] = [];
  #heldForHub: Buffer[] = [];
  /** Answers are lost; with the commit's the connection is, too. */
  #isDeaf = false;
  #isBroken = false;

  constructor(hub: Socket, database: Socket, fateOf: () => CommitFate) {
    this.#hub = hub;
    this.#database = database;
    this.#fateOf = fateOf;
    hub.setNoDelay(true);
    for (const socket of [hub, database]) socket.on('error', () => {});
    hub.on('data', (data) => this.#said(data));
    database.on('data', (data) => this.#answered(data));
    hub.once('close', () => {
      this.#hasHubEnded = true;
      if (!this.#isBroken && !this.#isParted('to the database')) database.destroy();
    });
    database.once('close', () => {
      this.#hasDatabaseEnded = true;
      if (!this.#isParted('to the hub')) hub.destroy();
    });
  }

  get isOver(): boolean {
    return this.#hasHubEnded && this.#hasDatabaseEnded;
  }

  part(partition: Partition): void {
    this.#partition = partition;
  }

  #isParted(way: Partition): boolean {
    return this.#partition === 'both ways' || this.#partition === way;
  }

  release(): void {
    this.#isStill = false;
    this.#partition = undefined;
    for (const data of this.#heldForDatabase.splice(0)) this.#database.write(data);
    for (const data of this.#heldForHub.splice(0)) this.#hub.write(data);
    if (this.#hasHubEnded && !this.#isBroken) this.#database.end();
    if (this.#hasDatabaseEnded) this.#hub.destroy();
  }

  end(): void {
    this.#hub.destroy();
    this.#database.destroy();
  }

  #said(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (let message = this.#next(); message && !this.#isBroken; message = this.#next()) {
      const fate = isCommit(message) ? this.#fateOf() : 'pass';
      this.#pass(message, fate);
    }
  }

  /** A message with its type, if it is whole. The first one has no type. */
  #next(): { type: string; bytes: Buffer } | undefined {
    const head = this.#hasStarted ? 1 : 0;
    if (this.#rest.length < head + 4) return undefined;
    const size = head + this.#rest.readUInt32BE(head);
    if (this.#rest.length < size) return undefined;
    const bytes = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    const type = this.#hasStarted ? String.fromCharCode(bytes[0] ?? 0) : startupType;
    this.#hasStarted = true;
    return { type, bytes };
  }

  #pass({ bytes }: { bytes: Buffer }, fate: CommitFate): void {
    if (fate === 'lose-request') {
      this.end();
      return;
    }
    if (fate === 'hold') this.#isStill = true;
    if (fate === 'lose-reply') this.#isDeaf = true;
    if (fate === 'delay' || fate === 'break') {
      this.#isBroken = true;
      setTimeout(() => this.#database.end(bytes), fate === 'delay' ? delayMs : 0);
      this.#hub.destroy();
      return;
    }
    if (this.#isStill || this.#isParted('to the database')) this.#heldForDatabase.push(bytes);
    else this.#database.write(bytes);
  }

  #answered(data: Buffer): void {
    if (this.#isDeaf) {
      if (data.includes('COMMIT\0')) this.end();
    } else if (this.#isStill || this.#isParted('to the hub')) this.#heldForHub.push(data);
    else if (!this.#isBroken) this.#hub.write(data);
  }
}

/** As a simple query or as a statement to parse. */
function isCommit({ type, bytes }: { type: string; bytes: Buffer }): boolean {
  return (type === 'Q' || type === 'P') && bytes.includes('COMMIT\0');
}
