/** REST's endless responses: the log as it grows, and dispatch's news. */

import type { z } from 'zod';
import { CapsError } from '../../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../../protocol/ids.ts';
import { type Actor, authorOf } from '../../../protocol/parcel.ts';
import { passes } from '../../../protocol/search.ts';
import { unavailableReasons } from '../../../protocol/unavailable.ts';
import type { Access } from '../../access/access.ts';
import type { Clock } from '../../clock.ts';
import { type Answers, answerBytes } from '../../edge/answers.ts';
import type { LongConnection } from '../../edge/drain.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Presence } from '../../hub/presence.ts';
import type { streamQuery } from './api.ts';
import { type Call, filterIn, readerOf } from './calls.ts';
import { FeedSink, NewsMember } from './feed-stream.ts';
import { EventStream } from './sse.ts';

/** Heartbeat of quiet streams. */
const beatEveryMs = 15_000;
/** Unread bytes of all streams of the log together, and the bounds of each one's share. */
const unreadBytes = { total: 16 * 1024 * 1024, least: 64 * 1024, most: 256 * 1024 } as const;
/** Time for a stream with a revoked key to take what was sent before. */
const endingMs = 1_000;

export interface StreamsOptions {
  readonly hub: Hub;
  readonly access: Access;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly answers: Answers;
}

export class Streams {
  readonly #hub: Hub;
  readonly #access: Access;
  readonly #presence: Presence;
  readonly #clock: Clock;
  readonly #answers: Answers;
  readonly #open = new Map<EventStream, { beat(): void; finish?(): void }>();
  #cancelBeat: (() => void) | undefined;
  #closed = false;

  constructor({ hub, access, presence, clock, answers }: StreamsOptions) {
    this.#hub = hub;
    this.#access = access;
    this.#presence = presence;
    this.#clock = clock;
    this.#answers = answers;
    this.#beat();
  }

  /** Streams the log. */
  follow(call: Call<z.output<typeof streamQuery>>): void {
    const { query } = call;
    const actor = readerOf(call);
    const after = this.#afterIn(call, actor);
    const filter = filterIn(query);
    const showsAll = filter.event === undefined && filter.terms.length === 0;
    let isOpen = true;
    const begun = this.#begin(call, actor, () => {
      isOpen = false;
      subscription.close();
    });
    if (!begun) return;
    const { stream, lagging } = begun;
    const sink: FeedSink = new FeedSink({
      stream,
      after,
      shows: showsAll ? undefined : (record) => passes(record, filter),
      showsGone: showsAll,
      unreadMax: () => this.#unreadMax,
      onFull: () => {
        subscription.close();
        lagging(true);
        void stream.drained().then(() => {
          if (isOpen) subscription = this.#hub.subscribe(actor, sink.resume(), sink, lagging);
        });
      },
    });
    this.#open.set(stream, sink);
    let subscription = this.#hub.subscribe(actor, after, sink, lagging);
  }

  /** Unread bytes per stream: the more streams, the less for each. */
  get #unreadMax(): number {
    const { total, least, most } = unreadBytes;
    return Math.max(least, Math.min(most, total / this.#open.size));
  }

  /** Streams presence and notices. */
  async tell(call: Call<{ as?: string | undefined; name?: string | undefined }>): Promise<void> {
    const actor = readerOf(call);
    const unreadMax = answerBytes.news + Buffer.byteLength(JSON.stringify(this.#presence.all()));
    if (!(await this.#answers.room(call, unreadMax, 'long'))) return;
    let leave = () => {};
    const begun = this.#begin(call, actor, () => leave());
    if (!begun) return;
    const { stream } = begun;
    const member = new NewsMember(stream, unreadMax);
    this.#open.set(stream, member);
    leave = this.#presence.watch(member);
  }

  /** @returns undefined for a HEAD request */
  #begin(
    { request, response, query }: Call<{ name?: string | undefined }>,
    actor: Actor,
    onClose: () => void,
  ): { stream: EventStream; lagging: (state: boolean) => void } | undefined {
    if (this.#closed) throw new CapsError('unavailable', unavailableReasons.stopping);
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return undefined;
    }
    const { role, id: who } = authorOf(actor);
    if (role === 'hub') throw new CapsError('not-allowed');
    const attendance = this.#presence.enter({ role, who, name: query.name, door: 'rest' });
    const stream = new EventStream(response, attendance.seen, () => {
      this.#open.delete(stream);
      forget();
      attendance.leave();
      onClose();
    });
    const forget = this.#access.onRevoked(actor, () => {
      stream.end();
      this.#clock.after(endingMs, () => stream.cut());
    });
    return { stream, lagging: attendance.lagging };
  }

  /** `Last-Event-ID`, which a browser sends when it reconnects, takes precedence over the address. */
  #afterIn({ request, query }: Call<z.output<typeof streamQuery>>, actor: Actor): string | undefined {
    const last = request.get('last-event-id');
    if (last !== undefined && last !== '') return last;
    const { after } = query;
    if (after === undefined || after === '0' || readCursor(after)) return after;
    if (/^\d{1,15}$/.test(after)) return cursorOf(this.#hub.epochOf(actor), Number(after));
    throw new CapsError('bad-cursor', undefined, { details: { field: 'after' } });
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.after(beatEveryMs, () => {
      for (const reader of this.#open.values()) reader.beat();
      this.#beat();
    });
  }

  /** Open streams. */
  get connections(): LongConnection[] {
    return [...this.#open].flatMap(([stream, reader]) => {
      if (!stream.isOpen) return [];
      const sendAway = (retryAfterMs: number) => {
        reader.finish?.();
        stream.sendAway(retryAfterMs);
      };
      return { isBusy: false, sendAway };
    });
  }

  /** Safe to call twice. */
  close(): void {
    this.#closed = true;
    this.#cancelBeat?.();
    for (const [stream, reader] of this.#open) {
      reader.finish?.();
      stream.end();
    }
  }
}
