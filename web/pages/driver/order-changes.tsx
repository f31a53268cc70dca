import { amendableFields } from '../../../protocol/events.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { lines } from '../../app/lines.ts';
import { Moment } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import styles from './order-changes.module.css';
import { OrderLabel } from './order-label.tsx';
import type { HeldRow } from './session-state.ts';

type Field = (typeof amendableFields)[number];

interface OrderChangesProps {
  order: Order;
  unseen: NonNullable<HeldRow['unseen']>;
  onSeen: () => void;
}

/** What changed in an order since its driver last saw it. It stays until the driver has pressed Seen. */
export function OrderChanges({ order, unseen: { was }, onSeen }: OrderChangesProps) {
  const words = driver().changed;
  return (
    <div className={styles['changes']}>
      <div className={styles['head']}>
        <p className={styles['title']}>{words.title}</p>
        <Button onClick={firstTap(onSeen)}>
          {words.seen}
          <OrderLabel id={order.orderID} />
        </Button>
      </div>
      <dl>
        {changedFields(was).map((field) => (
          <div key={field}>
            <dt>{words.field[field]}</dt>
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

/** The changed fields, in the order in which forms have them. */
export function changedFields(was: NonNullable<HeldRow['unseen']>['was']): readonly Field[] {
  return amendableFields.filter((field) => was[field] !== undefined);
}

/** @returns what changed, as it is read out */
export function changesText({ payload, unseen }: ParcelView): string {
  const { said, field } = driver().changed;
  return said(
    payload.orderID,
    changedFields(unseen?.was ?? {}).map((one) => field[one]),
  );
}

function FieldText({ field, text }: { field: Field; text: string }) {
  const isTime = (field === 'dueAt' || field === 'notBefore') && Number.isFinite(Date.parse(text));
  return isTime ? <Moment at={text} /> : <bdi>{lines(text)}</bdi>;
}
