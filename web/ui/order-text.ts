/** An order as the text of its form's fields, and back. */

import { isVisible } from '../../protocol/characters.ts';
import type { amendableFields } from '../../protocol/events.ts';
import { limits } from '../../protocol/limits.ts';
import type { Amendment, Order } from '../../protocol/orders.ts';
import { isWindow } from '../../protocol/time-window.ts';
import { cleanText } from '../app/clean-text.ts';
import { isTimeText, localText, momentOf, momentsOf } from '../app/due-time.ts';
import { inOneLine } from '../app/pasted-text.ts';
import { orderForm } from '../words/order-form.ts';
import { shared } from '../words/shared.ts';

export type OrderTextField = (typeof amendableFields)[number];
/** What is typed in the fields. Times are in the form's zone, as in `2026-11-30T14:30`. */
export type OrderText = Readonly<Record<OrderTextField, string>>;
export type OrderProblems = Readonly<Partial<Record<OrderTextField, string>>>;

/** What a shop says of a new order. */
export type NewOrderParts = Pick<Order, OrderTextField>;

/** In the order in which they stand in a form. */
export const orderTextFields = [
  'customer',
  'address',
  'notBefore',
  'dueAt',
  'phone',
  'email',
  'note',
] as const satisfies readonly OrderTextField[];

export const emptyText: OrderText = {
  customer: '',
  address: '',
  notBefore: '',
  dueAt: '',
  phone: '',
  email: '',
  note: '',
};

/** @returns the fields of an order that was placed */
export function textOf(order: Partial<Order>, zone?: string): OrderText {
  const line = (text: unknown, between: string) => (typeof text === 'string' ? inOneLine(text, between) : '');
  return {
    customer: line(order.customer, ' '),
    address: line(order.address, ', '),
    notBefore: localText(order.notBefore, zone),
    dueAt: localText(order.dueAt, zone),
    phone: line(order.phone, ' '),
    email: line(order.email, ' '),
    note: line(order.note, ' '),
  };
}

/** @returns the parts of the order that are given */
export function orderOf(typed: OrderText, zone?: string): NewOrderParts {
  const given = orderTextFields.flatMap((name) => {
    const value = partOf(name, typed[name], zone);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { customer: '', address: '', ...Object.fromEntries(given) };
}

/** @returns the changed fields; null removes one */
export function amendmentOf(before: OrderText, typed: OrderText, zone?: string): Amendment {
  const changed = orderTextFields.filter((name) => typed[name] !== before[name]);
  return Object.fromEntries(changed.map((name) => [name, partOf(name, typed[name], zone) ?? null]));
}

function partOf(name: OrderTextField, text: string, zone?: string): string | undefined {
  if (name === 'notBefore' || name === 'dueAt') return momentOf(text, zone);
  // What was dropped or filled in by a program may still have tabs.
  return cleanText(inOneLine(text, name === 'address' ? ', ' : ' ')) || undefined;
}

/**
 * @param before the order as it is, of which what stays the same is not checked; undefined for a new one
 * @param now milliseconds since 1970
 * @param zone of the times; this device's if it is not given
 */
export function problemsOf(typed: OrderText, now: number, before?: OrderText, zone?: string): OrderProblems {
  const form = orderForm();
  const problems: Partial<Record<OrderTextField, string>> = {};
  for (const name of orderTextFields) {
    if (typed[name].trim().length > limits.stringLength) {
      problems[name] = shared().tooLong(limits.stringLength);
    }
  }
  if (!isVisible(typed.customer)) problems.customer = form.noCustomer;
  if (!isVisible(typed.address)) problems.address = form.noAddress;
  for (const name of ['notBefore', 'dueAt'] as const) {
    const wrong = typed[name] === '' ? undefined : timeProblem(typed[name], zone);
    if (wrong !== undefined) problems[name] = wrong;
  }
  const [notBefore, dueAt] = [momentOf(typed.notBefore, zone), momentOf(typed.dueAt, zone)];
  if (dueAt !== undefined && Date.parse(dueAt) <= now) problems.dueAt = form.past;
  for (const name of orderTextFields) if (typed[name] === before?.[name]) delete problems[name];
  const isMoved = typed.notBefore !== before?.notBefore || typed.dueAt !== before.dueAt;
  if (isMoved && !isWindow({ notBefore, dueAt })) problems.dueAt ??= form.reversed;
  return problems;
}

/** A time of a night in which the clocks change is not guessed. */
function timeProblem(text: string, zone: string | undefined): string | undefined {
  const form = orderForm();
  const moments = momentsOf(text, zone);
  if (moments.length === 1) return undefined;
  if (moments.length === 2) return form.twice;
  return isTimeText(text) ? form.noHour : form.noMoment;
}
