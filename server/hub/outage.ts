/**
 * Tells connected clients when the hub cannot record, and when it can again. Commands and looks at the database find out; from
 * then on the hub probes by itself, so that the end is told, too.
 *
 *     can record ──a write failed, or the database is away──▶ cannot, since ──a probe succeeded──▶ can record
 */

import type { Health } from '../../protocol/messages.ts';
import type { Clock } from '../clock.ts';
import { type Member, Room } from './room.ts';

/** Interval of probes during an outage. */
const probeEveryMs = 2_000;

export interface OutageOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Writes a probe; the outcome comes back through `changed`. Never rejects. */
  readonly probe: () => Promise<unknown>;
  readonly onFault: (error: unknown, what: string) => void;
}

export class Outage {
  readonly #options: OutageOptions;
  readonly #room: Room;
  #since: string | undefined;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: OutageOptions) {
    this.#options = options;
    this.#room = new Room(options.onFault);
  }

  /** Beginning of the outage; undefined while the hub can record. */
  get since(): string | undefined {
    return this.#since;
  }

  changed(isWritable: boolean): void {
    if (isWritable === (this.#since === undefined)) return;
    this.#since = isWritable ? undefined : new Date(this.#options.clock.now()).toISOString();
    this.#cancel?.();
    if (!isWritable) this.#probeLater();
    this.#room.tell(this.#message());
  }

  /** Tells of an outage that has begun already, and of every change. @returns stop, safe to call twice */
  watch(member: Member): () => void {
    if (this.#since !== undefined) member.send(this.#message());
    this.#room.enter(member);
    return () => void this.#room.leave(member);
  }

  #message() {
    const health: Health =
      this.#since === undefined ? { recording: true } : { recording: false, since: this.#since };
    return { name: 'health', json: JSON.stringify(health) } as const;
  }

  #probeLater(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.after(probeEveryMs, () => {
      void this.#options.probe().then(() => {
        if (this.#since !== undefined) this.#probeLater();
      });
    });
  }

  /** Probes no more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }
}
