/**
 * Plain clients on Socket.IO, all of them together: one reading of the log, told to whom it concerns as the lab's own
 * hub would. What one of them joins and asks is in plain-client.ts.
 */

import type { Namespace, Socket } from 'socket.io';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { Bucket } from '../../edge/rate.ts';
import type { Sink } from '../../hub/feed.ts';
import type { Subscription } from '../../hub/hub.ts';
import { type Frame, recordsIn } from '../../hub/message.ts';
import type { Saying } from '../../legacy/plain-talk.ts';
import { PlainClient, type PlainSocketsOptions, type Taste, tastingOf } from './plain-client.ts';

const sweepMs = 250;

/** Those who are told the same in the same words: it is put together once for all of them. */
interface Group {
  readonly namespace: Namespace;
  readonly taste: Taste;
  readonly sockets: string[];
}

export class PlainSockets {
  readonly #options: PlainSocketsOptions;
  readonly #clients = new Set<PlainClient>();
  /** A connection has one pace, in however many namespaces it is. */
  readonly #buckets = new WeakMap<Socket['conn'], Bucket>();
  #watch: Subscription | undefined;
  /** The log's seq up to which it has told. */
  #place = 0;
  #cancelSweep: (() => void) | undefined;

  constructor(options: PlainSocketsOptions) {
    this.#options = options;
    options.plain.talk.listen((saying) => this.#passOn(saying));
  }

  serve(socket: Socket): PlainClient {
    // Not by whether it is watching: after a failure the next sweep goes on from its place, and nothing is left out.
    const isFirst = this.#clients.size === 0;
    if (isFirst) this.#place = this.#options.hub.head;
    const { conn } = socket;
    const bucket = this.#buckets.get(conn) ?? this.#options.rates.bucket();
    this.#buckets.set(conn, bucket);
    const client = new PlainClient(socket, this.#options, this.#place, bucket);
    this.#clients.add(client);
    socket.on('disconnect', () => {
      client.close();
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#rest();
    });
    if (isFirst) {
      this.#begin();
      this.#sweep();
    }
    return client;
  }

  /** One reading of the log for all of them, for as long as there are any. */
  #begin(): void {
    const { plain } = this.#options;
    const sink: Sink = {
      send: (message) => {
        if (message.name === 'events') this.#tellAll(message.frame);
      },
      queued: 0,
      queuedSize: 0,
      drained: () => Promise.resolve(),
      // The log could not be read: the next sweep begins again where this one ended.
      fail: () => {
        this.#watch?.close();
        this.#watch = undefined;
      },
    };
    this.#watch = plain.watch(sink, this.#place, () => {});
  }

  #rest(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#cancelSweep?.();
  }

  #sweep(): void {
    if (!this.#watch) this.#begin();
    for (const client of this.#clients) client.cutOffIfBehind();
    this.#cancelSweep = this.#options.clock.after(sweepMs, () => this.#sweep());
  }

  #tellAll(frame: Frame): void {
    for (const record of recordsIn(frame)) {
      if (record.seq <= this.#place) continue;
      this.#place = record.seq;
      this.#tell(record);
    }
  }

  #tell(record: CapsRecord): void {
    const { plain } = this.#options;
    // What is placed now is somebody's: only what is older than this hub may be anybody's.
    if (record.event === 'pickup') plain.addresses.know(record.payload.store);
    const told = plain.recordOf(record);
    for (const { namespace, taste, sockets } of this.#groups(record, told.payload.text !== undefined)) {
      const message = tastingOf(told.payload, taste);
      for (const spelling of taste.spellings) namespace.to(sockets).emit(spelling, message);
    }
  }

  #groups(record: CapsRecord, wasText: boolean): Iterable<Group> {
    const groups = new Map<Namespace, Map<string, Group>>();
    for (const client of this.#clients) {
      if (!client.hears(record)) continue;
      const { namespace, id } = client;
      const taste = client.tasteFor(record.event, wasText);
      const inNamespace = groups.get(namespace) ?? new Map<string, Group>();
      groups.set(namespace, inNamespace);
      const group = inNamespace.get(taste.key);
      if (group) group.sockets.push(id);
      else inNamespace.set(taste.key, { namespace, taste, sockets: [id] });
    }
    return [...groups.values()].flatMap((inNamespace) => [...inNamespace.values()]);
  }

  #passOn(saying: Saying): void {
    for (const client of this.#clients) client.passOn(saying);
  }
}
