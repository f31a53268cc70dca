import { useEffect, useRef, useState } from 'react';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { useSelect } from '../../app/hooks.ts';
import { lines, oneLine } from '../../app/lines.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { Moment } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Due } from '../../ui/due.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { shared } from '../../words/shared.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { fetchLife } from './fetch-orders.ts';
import { lifeDetails, lifeSentence } from './life-words.ts';
import { NoteForm } from './note-form.tsx';
import styles from './order-dialog.module.css';
import { authorName } from './orders.ts';
import type { Shop } from './shop.ts';

interface OrderDialogProps {
  shop: Shop;
  orderID: string;
  onClose: () => void;
}

/** One order: what it is, all that happened to it and was said about it, and a line to say more. */
export function OrderDialog({ shop, orderID, onClose }: OrderDialogProps) {
  const isIt = ({ view }: KnownParcel) => view.payload.orderID === orderID;
  // Undefined where the page does not keep it any more.
  const known = useSelect(shop.state, ({ orders }) => orders.find(isIt));
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <Dialog
      dialog={dialog}
      onClose={onClose}
      title={<PhraseText phrase={words().order.title(<bdi>{orderID}</bdi>)} />}
    >
      {known ? <Order shop={shop} view={known.view} /> : <p>{words().order.gone}</p>}
    </Dialog>
  );
}

function Order({ shop, view }: { shop: Shop; view: ParcelView }) {
  const { order } = words();
  const { orderID } = view.payload;
  const { rev } = view;
  const { records, hasFailed, again } = useLife(shop, view);
  // Whoever looks at the order has read what is said about it, also what comes while they look.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another rev may be another note
  useEffect(() => shop.actions.read(orderID), [shop, orderID, rev]);
  const notes = records.filter(({ event }) => event === 'note');
  return (
    <div className={styles['order']}>
      <OrderFacts view={view} />
      <section aria-label={order.life}>
        <h3>{order.happened}</h3>
        {records.length === 0 && !hasFailed && <p className={styles['quiet']}>{order.asking}</p>}
        {hasFailed && (
          <p>
            {shared().connection.noAnswer}{' '}
            <Button size="small" onClick={again}>
              {shared().tryAgain}
            </Button>
          </p>
        )}
        <ol className={styles['life']}>
          {records
            .filter(({ event }) => event !== 'note')
            .map((record) => (
              <li key={record.rev}>
                <span>
                  {lifeSentence(record)}
                  <span className={styles['detail']}>
                    {lifeDetails(record).map((said) => (
                      <bdi key={said}>{said} </bdi>
                    ))}
                  </span>
                </span>
                <Moment at={record.occurredAt ?? record.time} />
              </li>
            ))}
        </ol>
      </section>
      <section aria-label={order.notes}>
        <h3>{order.notes}</h3>
        {notes.length === 0 && <p className={styles['quiet']}>{order.noNotes}</p>}
        <ul className={styles['life']}>
          {notes.map((record) => (
            <li key={record.rev}>
              <span>
                <b>{authorName(record.by)}</b> <bdi>{String(record.details?.['text'] ?? '')}</bdi>
              </span>
              <Moment at={record.time} />
            </li>
          ))}
        </ul>
        <NoteForm shop={shop} orderID={orderID} />
      </section>
    </div>
  );
}

/** The order as the shop gave it, and where it is. */
function OrderFacts({ view }: { view: ParcelView }) {
  const { customer, address, phone, note, dueAt } = view.payload;
  return (
    <div className={styles['what']}>
      <StatusMark status={view.status} look="chip" />
      <p>
        <bdi className={styles['customer']}>{oneLine(customer)}</bdi>
        <bdi className={styles['address']}>{lines(address)}</bdi>
      </p>
      {phone !== undefined && (
        <a dir="ltr" href={`tel:${phone.replace(/[^+\d]/g, '')}`}>
          {phone}
        </a>
      )}
      {dueAt !== undefined && <Due view={view} at={dueAt} />}
      {note !== undefined && (
        <p className={styles['note']}>
          <bdi>{lines(note)}</bdi>
        </p>
      )}
    </div>
  );
}

interface Life {
  records: readonly CapsRecord[];
  hasFailed: boolean;
  again: () => void;
}

/** Asked for anew whenever the list has heard of something: what it keeps is how things are, not how they came. */
function useLife({ store }: Shop, { payload: { orderID }, rev }: ParcelView): Life {
  const [records, setRecords] = useState<readonly CapsRecord[]>([]);
  const [hasFailed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another rev and another try are reasons to ask again
  useEffect(() => {
    let isStale = false;
    setFailed(false);
    fetchLife({ store, orderID }).then(
      (found) => {
        if (!isStale) setRecords(found);
      },
      () => {
        if (!isStale) setFailed(true);
      },
    );
    return () => {
      isStale = true;
    };
  }, [store, orderID, rev, tries]);
  return { records, hasFailed, again: () => setTries(tries + 1) };
}
