import type { Order } from '../../../protocol/orders.ts';
import { lines } from '../../app/lines.ts';
import { Moment } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import { proofWords } from '../../words/driver-proof.ts';
import { type ChangedField, changedFields } from './changed-fields.ts';
import styles from './order-changes.module.css';
import { OrderLabel } from './order-label.tsx';
import type { HeldRow } from './session-state.ts';

interface OrderChangesProps {
  order: Order;
  unseen: NonNullable<HeldRow['unseen']>;
  onSeen: () => void;
}

/** What changed in an order since its driver last saw it. It stays until the driver has pressed Seen. */
export function OrderChanges({ order, unseen: { was }, onSeen }: OrderChangesProps) {
  const { title, field: fieldWords } = driver().changed;
  const words = proofWords().changed;
  return (
    <div className={styles['changes']}>
      <div className={styles['head']}>
        <p className={styles['title']}>{title}</p>
        <Button onClick={firstTap(onSeen)}>
          {words.seen}
          <OrderLabel id={order.orderID} />
        </Button>
      </div>
      <dl>
        {changedFields(was).map((field) => (
          <div key={field}>
            <dt>{fieldWords[field]}</dt>
            <dd>
              {was[field] != null && (
                <>
                  <del>
                    <span className="visually-hidden">{words.was} </span>
                    <FieldText field={field} text={was[field]} />
                  </del>{' '}
                </>
              )}
              <ins>
                <span className="visually-hidden">{words.now} </span>
                {order[field] === undefined ? words.removed : <FieldText field={field} text={order[field]} />}
              </ins>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function FieldText({ field, text }: { field: ChangedField; text: string }) {
  const isTime = (field === 'dueAt' || field === 'notBefore') && Number.isFinite(Date.parse(text));
  return isTime ? <Moment at={text} /> : <bdi>{lines(text)}</bdi>;
}
