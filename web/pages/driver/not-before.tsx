import type { Order } from '../../../protocol/orders.ts';
import { useTime } from '../../app/hooks.ts';
import { Moment } from '../../ui/age.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { driver } from '../../words/driver.ts';

/** From when on an order may be delivered, as long as that is ahead. */
export function NotBefore({ payload: { notBefore } }: { payload: Pick<Order, 'notBefore'> }) {
  const isAhead = useTime((now) => notBefore !== undefined && Date.parse(notBefore) > now);
  if (notBefore === undefined || !isAhead) return null;
  return (
    <span>
      <PhraseText phrase={driver().notBefore(<Moment at={notBefore} />)} />
    </span>
  );
}
