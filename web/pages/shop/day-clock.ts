/** Times of a day's orders, by the shop's clocks. On the day itself the time is enough. */

import type { Order } from '../../../protocol/orders.ts';
import { dateFormat } from '../../app/numbers.ts';
import { dayIn } from '../../app/zoned-day.ts';
import { shopDay as words } from '../../words/shop-day.ts';

export interface DayClock {
  /** When an order may be delivered; undefined if it may at any time. */
  due(order: Pick<Order, 'notBefore' | 'dueAt'>): string | undefined;
  /** @param at milliseconds since 1970 */
  moment(at: number): string;
}

export function clockOf(zone: string, day: string): DayClock {
  const parts = { timeZone: zone, hour: '2-digit', minute: '2-digit' } as const;
  const time = dateFormat(parts)();
  const whole = dateFormat({ ...parts, day: 'numeric', month: 'short' })();
  const moment = (at: number) => (dayIn(zone, at) === day ? time : whole).format(at);
  return {
    moment,
    due({ notBefore, dueAt }) {
      const [from, to] = [notBefore, dueAt].map((text) => Date.parse(text ?? ''));
      if (isMoment(from) && isMoment(to)) {
        const isOfDay = dayIn(zone, from) === day && dayIn(zone, to) === day;
        if (from <= to) return (isOfDay ? time : whole).formatRange(from, to);
      }
      if (isMoment(to)) return words().by(moment(to));
      return isMoment(from) ? words().from(moment(from)) : undefined;
    },
  };
}

function isMoment(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}
