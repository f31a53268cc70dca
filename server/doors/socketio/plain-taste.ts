/** In which form a plain client on Socket.IO wants events, learnt from what it says. */

import type { EventName } from '../../../protocol/events.ts';
import { spellingsLike, spellingsOf } from '../../legacy/dialects.ts';
import { marked } from '../../legacy/plain-marks.ts';
import type { RelayedOrder } from '../../legacy/plain-orders.ts';

/** The form in which a client wants an event. */
export interface EventForm {
  readonly spellings: readonly string[];
  /** Class 13's `{ messageID, payload }`. */
  readonly isWrapped: boolean;
  /** JSON text, if the order came as such. */
  readonly isText: boolean;
  /** Whether the keys of orders tell the spelling, because it is unknown under which it listens. */
  readonly isMarked: boolean;
  /** Equal for equal forms. */
  readonly key: string;
}

/** The parcel in this form, by spelling. */
export function formed({ object, text }: RelayedOrder, form: EventForm): (spelling: string) => unknown {
  if (form.isWrapped) {
    const wrapped = { ...object, messageID: object['messageId'], payload: object['payload'] ?? object };
    return () => wrapped;
  }
  if (form.isText && text !== undefined) return () => text;
  return form.isMarked ? (spelling) => marked(object, spelling) : () => object;
}

export class PlainTaste {
  #isWrapped = false;
  /** Undefined until it has sent an order or a step. */
  #saysText: boolean | undefined;
  readonly #used = new Map<EventName, Set<string>>();
  /** Spellings under which it certainly hears orders. */
  readonly #heard = new Set<string>();
  readonly #forms = new Map<string, EventForm>();

  get isWrapped(): boolean {
    return this.#isWrapped;
  }

  /** From now on it wants events wrapped. */
  wraps(): void {
    this.#isWrapped = true;
    this.#forms.clear();
  }

  /** It has said an event in this way. */
  shows(event: EventName, word: string, payload: unknown): void {
    const used = this.#used.get(event) ?? new Set();
    const saysText = typeof payload === 'string';
    if (used.has(word) && this.#saysText === saysText) return;
    this.#used.set(event, used.add(word));
    this.#saysText = saysText;
    this.#forms.clear();
  }

  /** It has sent a step with an order that it got under this spelling. */
  got(word: string): void {
    if (this.#heard.has(word)) return;
    this.#heard.add(word);
    this.#forms.clear();
  }

  /** @param wasText whether the order came as JSON text */
  formOf(event: EventName, wasText: boolean): EventForm {
    const kind = wasText ? `${event} text` : event;
    const known = this.#forms.get(kind);
    if (known) return known;
    const spellings = this.#spellings(event);
    const isText = this.#saysText ?? wasText;
    const isMarked = event === 'pickup' && !this.#used.has(event) && this.#heard.size === 0;
    const key = JSON.stringify([spellings, this.#isWrapped, isText]);
    const form = { spellings, isWrapped: this.#isWrapped, isText, isMarked, key };
    this.#forms.set(kind, form);
    return form;
  }

  #spellings(event: EventName): readonly string[] {
    const used = this.#used.get(event);
    if (event === 'pickup' && this.#heard.size > 0) return [...new Set([...this.#heard, ...(used ?? [])])];
    return used ? spellingsLike(event, used) : spellingsOf(event);
  }
}
