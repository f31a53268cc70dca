/**
 * Finds out under which spelling a driver listens for orders. Until that is known, an order goes to it under all of them:
 * ten messages for one. Such programs send their steps with the order as they got it, and JSON keeps its keys in their
 * order. So each spelling brings the first keys in an order of its own, and the driver's first step tells which it was.
 */

import { spellingsOf } from './dialects.ts';
import type { RelayedOrder } from './plain-orders.ts';

type Fields = RelayedOrder['object'];

/** The names that the hub puts first in each order, and fills in where they are missing. */
const names = ['store', 'orderID', 'orderId', 'messageId', 'customer', 'address'] as const;
const backwards = names.toReversed();
/** Orders of the names; not their usual one, in which a program may name them itself. */
const marks = [...turnsOf(names).slice(1), ...turnsOf(backwards)];

const words = spellingsOf('pickup');
const markOfWord = new Map(words.map((word, i) => [word, marks[i] ?? names]));
const wordOfMark = new Map(words.map((word, i) => [`${marks[i]}`, word]));

/** The list from its first place, from its second, and so on. */
function turnsOf(list: readonly string[]): string[][] {
  return list.map((_, i) => [...list.slice(i), ...list.slice(0, i)]);
}

/** The order, marked as what is sent under this spelling. */
export function marked(order: Fields, word: string): Fields {
  const mark = markOfWord.get(word) ?? names;
  return { ...Object.fromEntries(mark.map((name) => [name, order[name]])), ...order };
}

/** The spelling under which a program got the order that it sends back; undefined if it cannot be told. */
export function wordMarkedOn(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  return wordOfMark.get(`${Object.keys(payload).slice(0, names.length)}`);
}
