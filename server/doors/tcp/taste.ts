/**
 * Learns how a plain client on TCP puts its messages, and writes records the same way: mostly `{ event, payload }`,
 * but also `{ event, content }`, `{ event, order }`, or all fields beside the event.
 */

import type { EventName } from '../../../protocol/events.ts';
import type { NumberPaths } from '../../edge/exact-json.ts';
import { carriers, shout } from '../../legacy/dialects.ts';
import type { PlainRecord } from '../../legacy/plain-clients.ts';
import { readExactly } from '../../legacy/plain-orders.ts';

type Carrier = (typeof carriers)[number] | 'flat';

export interface PlainObject {
  readonly event: string;
  readonly payload: unknown;
  /** Numbers of the payload that it holds as text. */
  readonly numbers: NumberPaths;
  readonly carrier: Carrier;
}

/** Payloads up to this size are repeated in every form for a client that has said nothing yet. */
const repeatedMax = 1_024;

/** A plain client's message; undefined for an object without an event, or with nothing else. */
export function plainObjectIn(value: object, json: string): PlainObject | undefined {
  const { value: exact, numbers } = readExactly(json, value);
  if (typeof exact !== 'object' || exact === null) return undefined;
  const { event, time: _, ...rest } = exact as Record<string, unknown>;
  if (typeof event !== 'string') return undefined;
  const carrier = carriers.find((name) => name in rest);
  if (carrier) {
    const inside = numbers.filter(([first]) => first === carrier).map((path) => path.slice(1));
    return { event, payload: rest[carrier], numbers: inside.filter((path) => path.length > 0), carrier };
  }
  return Object.keys(rest).length === 0 ? undefined : { event, payload: rest, numbers, carrier: 'flat' };
}

export class TcpTaste {
  /** Undefined until it has said something. */
  #carrier: Carrier | undefined;
  #saysText: boolean | undefined;
  #isShouting = false;
  readonly #words = new Map<EventName, string>();
  #key = '';

  /** Equal for clients that get equal lines. */
  get key(): string {
    return this.#key;
  }

  /** Learns from a message. */
  shows(event: EventName, word: string, { carrier, payload }: PlainObject): void {
    this.#carrier = carrier;
    this.#saysText = typeof payload === 'string';
    this.#isShouting = word === word.toUpperCase();
    this.#words.set(event, word);
    this.#key = JSON.stringify([carrier, this.#saysText, this.#isShouting, [...this.#words].sort()]);
  }

  /** A record's lines: several if the client's word for the event is unknown. */
  linesOf(record: PlainRecord): string[] {
    const { event, payload, time, seq } = record;
    const own = this.#words.get(event);
    const words = own === undefined ? this.#likely(record) : [own];
    const isText = this.#saysText ?? payload.text !== undefined;
    const told = isText ? (payload.text ?? payload.object) : payload.object;
    const elsewhere = this.#elsewhere(payload.object, told);
    return words.map((said) =>
      JSON.stringify({ ...{ event: said, payload: told, time, seq }, ...elsewhere, event: said }),
    );
  }

  /** Our word, the client's usual word, and the sender's. */
  #likely({ event, word }: PlainRecord): string[] {
    const shouted = this.#isShouting ? [shout(event)] : [];
    return [...new Set([event, ...shouted, ...(word === undefined ? [] : [word])])];
  }

  /** Copies of the payload under its other names. */
  #elsewhere(object: Readonly<Record<string, unknown>>, told: unknown): object {
    const { payload: _, time: __, seq: ___, ...flat } = object;
    switch (this.#carrier) {
      case 'payload':
        return {};
      case 'content':
        return { content: told };
      case 'order':
        return { order: told };
      case 'flat':
        return flat;
      case undefined: {
        if (JSON.stringify(told).length > repeatedMax) return {};
        const { store, orderID, orderId, customer, address, order } = flat;
        return { content: told, store, orderID, orderId, customer, address, order };
      }
    }
  }
}
