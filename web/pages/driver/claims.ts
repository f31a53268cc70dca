import type { Client, NewCommand } from '../../../client/client.ts';
import { parcelName } from '../../../protocol/ids.ts';
import type { Answer } from '../../../protocol/messages.ts';
import type { Announcer } from '../../app/announcer.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import type { Timers } from '../../app/timers.ts';
import { driver } from '../../words/driver.ts';
import { whyRefused } from './refusals.ts';
import type { Offer } from './session-state.ts';

/** How long a lost offer shows who has it. */
const lostMs = 6_000;

interface ClaimsParts {
  readonly client: Client;
  readonly timers: Timers;
  readonly announcer: Announcer;
  /** Called when this driver got the parcel. */
  readonly won: (won: WonClaim) => void;
  /** Called when the parcel is not on offer any more. */
  readonly lost: (key: string) => void;
  readonly changed: () => void;
}

export interface WonClaim {
  readonly key: string;
  /** The offer as it was drawn. */
  readonly known: KnownParcel;
  readonly command: NewCommand;
  readonly answer: Extract<Answer, { ok: true }>;
  readonly byHand: boolean;
}

/** Offers that are being claimed, or were lost and show that. They keep their position meanwhile. */
export class Claims {
  readonly #parts: ClaimsParts;
  readonly #byKey = new Map<string, Offer>();
  #isClosed = false;

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /** Number of claims without an answer. */
  get unanswered(): number {
    return this.all.filter(({ state }) => state === 'claiming').length;
  }

  get all(): readonly Offer[] {
    return Array.from(this.#byKey.values());
  }

  get keys(): readonly string[] {
    return Array.from(this.#byKey.keys());
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** Forgets a claim whose outcome is known from the feed. */
  delete(key: string): void {
    this.#byKey.delete(key);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** @param byHand the driver waits for the answer, so a lost offer says so in its place */
  async ask(known: KnownParcel, byHand: boolean): Promise<void> {
    const { client, won, lost, changed } = this.#parts;
    const { store, orderID } = known.view.payload;
    const key = parcelName({ store, orderID });
    if (this.#byKey.has(key)) return;
    this.#byKey.set(key, { known, state: 'claiming' });
    changed();
    const command: NewCommand = { event: 'claimed', payload: { store, orderID } };
    const answer = await client.command(command);
    if (this.#isClosed) return;
    if (answer.ok) {
      this.#byKey.delete(key);
      won({ key, known, command, answer, byHand });
    } else {
      // Losing a race is normal: the offer shows who was first, and the next one is below.
      lost(key);
      const { code } = answer.error;
      const text = code === 'wrong-status' ? driver().offers.gone : whyRefused(answer.error);
      if (byHand) this.#lose(key, known, text);
      else this.#byKey.delete(key);
    }
    changed();
  }

  #lose(key: string, known: KnownParcel, text: string): void {
    const { announcer, timers, changed } = this.#parts;
    const lost: Offer = { known, state: 'lost', text };
    this.#byKey.set(key, lost);
    announcer.say('lost', () => driver().offers.goneOf(known.view.payload.orderID));
    timers.after(lostMs, () => {
      if (this.#byKey.get(key) !== lost) return;
      this.#byKey.delete(key);
      changed();
    });
  }
}
