import type { Order } from '../../../protocol/orders.ts';
import { dateFormat } from '../../app/numbers.ts';
import type { Phrase } from '../../words/formats.ts';
import { shopPrint as words } from '../../words/shop-print.ts';

const formats = new Map<string, () => Intl.DateTimeFormat>();

/** When an order may be delivered, by the shop's clocks; undefined if it may at any time. */
export function windowPhrase(
  { notBefore, dueAt }: Pick<Order, 'notBefore' | 'dueAt'>,
  zone: string,
): Phrase<string> | undefined {
  const [from, to] = [momentIn(notBefore), momentIn(dueAt)];
  const format = formatIn(zone);
  if (from !== undefined && to !== undefined && from <= to)
    return words().between(format.formatRange(from, to));
  if (to !== undefined) return words().by(format.format(to));
  return from === undefined ? undefined : words().from(format.format(from));
}

function formatIn(zone: string): Intl.DateTimeFormat {
  const known =
    formats.get(zone) ??
    dateFormat({
      ...{ timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' },
      ...{ hour: '2-digit', minute: '2-digit' },
    });
  formats.set(zone, known);
  return known();
}

function momentIn(text: string | undefined): number | undefined {
  const moment = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(moment) ? undefined : moment;
}
