import { useEffect, useMemo, useRef, useState } from 'react';
import { isFinished } from '../../../protocol/events.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { mailLink, phoneLink } from '../../app/contact-links.ts';
import { useRestoredFocus, useSelect } from '../../app/hooks.ts';
import { errorText } from '../../app/hub-answer.ts';
import { lines, oneLine } from '../../app/lines.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { proofSource } from '../../app/proof-images.ts';
import { hasProofs } from '../../app/proven.ts';
import { Moment } from '../../ui/age.tsx';
import { AmendForm } from '../../ui/amend-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { ProofList } from '../../ui/proof-list.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { amendForm } from '../../words/amend-form.ts';
import { shared } from '../../words/shared.ts';
import { shop as pageWords } from '../../words/shop.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { DeliveryWindow } from './delivery-window.tsx';
import { fetchLife, fetchOrder } from './fetch-orders.ts';
import { NoteForm } from './note-form.tsx';
import styles from './order-dialog.module.css';
import { OrderLife } from './order-life.tsx';
import { authorName, holderName } from './orders.ts';
import type { PrintedOrder } from './print-job.ts';
import type { Shop } from './shop.ts';

interface OrderDialogProps {
  shop: Shop;
  orderID: string;
  /** Fills the form with the same order. */
  onCopy: (order: Order) => void;
  /** Shows its label, to print it. */
  onPrint: (orders: readonly PrintedOrder[]) => void;
  onClose: () => void;
}

/** One order: what it is, all that happened to it and was said about it, and a line to say more. */
export function OrderDialog({ shop, orderID, onCopy, onPrint, onClose }: OrderDialogProps) {
  const { view, isUnknown } = useView(shop, orderID);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const copy = (order: Order) => {
    dialog.current?.close();
    onCopy(order);
  };
  const print = (printed: PrintedOrder) => {
    dialog.current?.close();
    onPrint([printed]);
  };
  return (
    <Dialog
      dialog={dialog}
      onClose={onClose}
      title={
        <>
          {view && (
            <>
              <bdi>{oneLine(view.payload.customer)}</bdi>
              {' · '}
            </>
          )}
          <bdi>{orderID}</bdi>
        </>
      }
    >
      {view ? (
        <Contents shop={shop} view={view} onCopy={copy} onPrint={print} />
      ) : (
        <p>{isUnknown ? words().order.unknown : words().order.asking}</p>
      )}
    </Dialog>
  );
}

/** The order as the list has it; where the page does not keep it, as the hub tells it. */
function useView(shop: Shop, orderID: string): { view: ParcelView | undefined; isUnknown: boolean } {
  const isIt = ({ view }: KnownParcel) => view.payload.orderID === orderID;
  const known = useSelect(shop.state, ({ orders }) => orders.find(isIt));
  const [asked, setAsked] = useState<ParcelView | 'unknown'>();
  const isKept = known !== undefined;
  useEffect(() => {
    if (isKept) return;
    let isStale = false;
    fetchOrder({ store: shop.store, orderID }).then(
      ({ parcel }) => !isStale && setAsked(parcel),
      () => !isStale && setAsked('unknown'),
    );
    return () => {
      isStale = true;
    };
  }, [shop, orderID, isKept]);
  const told = asked === 'unknown' ? undefined : asked;
  return { view: known?.view ?? told, isUnknown: asked === 'unknown' };
}

interface ContentsProps {
  shop: Shop;
  view: ParcelView;
  onCopy: (order: Order) => void;
  onPrint: (printed: PrintedOrder) => void;
}

function Contents({ shop, view, onCopy, onPrint }: ContentsProps) {
  const { order } = words();
  const { orderID } = view.payload;
  const { rev } = view;
  const { records, hasFailed, again } = useLife(shop, view);
  // Whoever looks at the order has read what is said about it, also what comes while they look.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another rev may be another note
  useEffect(() => shop.actions.read(orderID), [shop, orderID, rev]);
  const source = useMemo(() => proofSource('vendor', { store: shop.store, orderID }), [shop, orderID]);
  const notes = records.filter(({ event }) => event === 'note');
  return (
    <div className={styles['order']}>
      <WhatItIs shop={shop} view={view} onCopy={onCopy} onPrint={onPrint} />
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
        <OrderLife records={records} />
      </section>
      {hasProofs(records) && <ProofList records={records} source={source} />}
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

/** The order, or the form that changes it. */
function WhatItIs({ shop, view, onCopy, onPrint }: ContentsProps) {
  const { amend, order } = words();
  const [isChanging, setChanging] = useState(false);
  const keptFocus = useRestoredFocus<HTMLDivElement>('[data-change]');
  const who = holderName(view);
  const isWaiting = useSelect(
    shop.state,
    ({ actions }) => actions.get(view.payload.orderID)?.kind === 'amending',
  );
  return (
    <div className={styles['what']} {...keptFocus}>
      <StatusMark status={view.status} look="chip" />
      {isChanging ? (
        <AmendForm
          order={view}
          zone={shop.profile.zone}
          locked={lockedText(view)}
          waiting={isWaiting && <p role="status">{amendForm().kept}</p>}
          // The answer may come before the news that it answers.
          said={(error) => (error.code === 'wrong-status' ? amendForm().collected : errorText(error))}
          save={(details) => shop.actions.amend(view.payload.orderID, details)}
          onDone={() => {
            shop.actions.leave(view.payload.orderID);
            setChanging(false);
          }}
        />
      ) : (
        <>
          <OrderFacts view={view} />
          <div className={styles['actions']}>
            {mayAmend(view) && (
              <Button size="small" data-change onClick={() => setChanging(true)}>
                {amendForm().change}
              </Button>
            )}
            <Button size="small" onClick={() => onCopy(view.payload)}>
              {amend.copy}
            </Button>
            <Button size="small" onClick={() => onPrint({ order: view.payload, driver: view.holder })}>
              {order.label}
            </Button>
          </div>
          {!mayAmend(view) && !isFinished(view.status) && who !== undefined && (
            <p className={styles['hint']}>
              <PhraseText phrase={amend.byDispatch(<bdi>{who}</bdi>)} />
            </p>
          )}
        </>
      )}
    </div>
  );
}

/** Whether the shop may still change the order itself. */
function mayAmend({ status }: ParcelView): boolean {
  return status === 'ready' || status === 'claimed';
}

function lockedText(view: ParcelView): string | undefined {
  const amend = amendForm();
  if (mayAmend(view)) return undefined;
  return isFinished(view.status) ? amend.finished : amend.collected;
}

/** The order as it is now; the title names its customer. */
function OrderFacts({ view }: { view: ParcelView }) {
  const { address, phone, email, note } = view.payload;
  return (
    <>
      <p>
        <bdi className={styles['address']}>{lines(address)}</bdi>
      </p>
      {phone !== undefined && (
        <a dir="ltr" href={phoneLink(phone)}>
          {phone}
        </a>
      )}
      {email !== undefined && (
        <a dir="ltr" href={mailLink(email)}>
          {email}
        </a>
      )}
      <DeliveryWindow view={view} isWhole />
      {note !== undefined && (
        <p className={styles['note']}>
          <bdi>{lines(note)}</bdi>
        </p>
      )}
      {view.unseen && <p className={styles['unseen']}>{pageWords().row.unseen(holderName(view) ?? '')}</p>}
    </>
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
