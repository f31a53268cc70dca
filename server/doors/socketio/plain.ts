/**
 * All plain clients on Socket.IO: one subscription to the log, whose records go to the clients as the lab's hub would
 * send them. plain-client.ts has what one client joins and asks.
 */

import type { Socket } from 'socket.io';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { Sink } from '../../hub/feed.ts';
import type { Subscription } from '../../hub/hub.ts';
import { type Frame, recordsIn } from '../../hub/message.ts';
import type { RelayedWord } from '../../legacy/plain-talk.ts';
import type { HandlingState } from './long-connections.ts';
import { spelledPackets } from './packets.ts';
import { PlainClient, type PlainSocketsOptions } from './plain-client.ts';
import { type InputTotal, PlainInput } from './plain-input.ts';
import { type EventForm, formed } from './plain-taste.ts';

const sweepMs = 250;

/** Clients that hear a record in the same form; it is encoded once for them. */
interface Group {
  readonly namespace: string;
  readonly form: EventForm;
  readonly clients: PlainClient[];
}

export class PlainSockets {
  readonly #options: PlainSocketsOptions;
  readonly #clients = new Set<PlainClient>();
  readonly #inputs = new WeakMap<Socket['conn'], PlainInput>();
  readonly #inputTotal: InputTotal = { bytes: 0 };
  #watch: Subscription | undefined;
  /** The last seq of the log that was passed on. */
  #place = 0;
  #cancelSweep: (() => void) | undefined;

  constructor(options: PlainSocketsOptions) {
    this.#options = options;
    options.plain.talk.listen((saying) => this.#passOn(saying));
  }

  serve(socket: Socket): PlainClient {
    // Not "is it watching": after a failure the next sweep resumes from its place, so that nothing is lost.
    const isFirst = this.#clients.size === 0;
    if (isFirst) this.#place = this.#options.hub.head;
    const { conn } = socket;
    const input =
      this.#inputs.get(conn) ?? new PlainInput(conn, this.#options.rates.bucket(), this.#inputTotal);
    this.#inputs.set(conn, input);
    const client = new PlainClient(socket, this.#options, () => this.#place, input);
    this.#clients.add(client);
    const handling: HandlingState = socket.data;
    handling.isBusy = () => client.isBusy;
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

  /** Subscribes to the log while there are clients. */
  #begin(): void {
    const { plain } = this.#options;
    const sink: Sink = {
      send: (message) => {
        if (message.name === 'events') this.#tellAll(message.frame);
      },
      queued: 0,
      queuedSize: 0,
      drained: () => Promise.resolve(),
      // The log could not be read: the next sweep resumes from here.
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
    for (const client of this.#clients) client.endUnlessItReads();
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
    // A new order belongs to its sender; only orders older than this hub may belong to anybody.
    if (record.event === 'pickup') plain.addresses.know(record.payload.store);
    const told = plain.recordOf(record);
    for (const { namespace, form, clients } of this.#groups(record, told.payload.text !== undefined)) {
      const spelled = spelledPackets(namespace, form.spellings, formed(told.payload, form));
      for (const client of clients) client.write(spelled);
    }
  }

  #groups(record: CapsRecord, wasText: boolean): Iterable<Group> {
    const groups = new Map<string, Map<string, Group>>();
    for (const client of this.#clients) {
      if (!client.reading.takes(record.seq) || !client.hears(record)) continue;
      const { namespace } = client;
      const form = client.taste.formOf(record.event, wasText);
      const inNamespace = groups.get(namespace) ?? new Map<string, Group>();
      groups.set(namespace, inNamespace);
      const group = inNamespace.get(form.key);
      if (group) group.clients.push(client);
      else inNamespace.set(form.key, { namespace, form, clients: [client] });
    }
    return [...groups.values()].flatMap((inNamespace) => [...inNamespace.values()]);
  }

  #passOn(saying: RelayedWord): void {
    for (const client of this.#clients) client.passOn(saying);
  }
}
