import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { pinsWrong } from '../../protocol/amendment.ts';
import type { CapsRecord, ParcelView } from '../../protocol/messages.ts';
import type { UrgentNote } from '../../protocol/orders.ts';
import type { ParcelLife } from '../../protocol/rest.ts';
import type { SearchField } from '../../protocol/search.ts';
import { mailLink, phoneLink } from '../app/contact-links.ts';
import { useLoaded } from '../app/hooks.ts';
import { eventWord } from '../app/life-words.ts';
import { lines } from '../app/lines.ts';
import { count } from '../app/numbers.ts';
import { proofSource } from '../app/proof-images.ts';
import { hasProofs } from '../app/proven.ts';
import { Button } from '../ui/button.tsx';
import { StatusMark, StatusShape } from '../ui/status-mark.tsx';
import { logWords } from '../words/log.ts';
import { shared } from '../words/shared.ts';
import { CopyButton } from './copy-button.tsx';
import type { ParcelDesk } from './parcel-desk.ts';
import styles from './parcel-details.module.css';
import { type Actions, OutcomeLine, useActions } from './parcel-outcome.tsx';
import type { WatchedParcel } from './parcel-watch.ts';
import { arrangedText, detailText, doerText, fullText, momentText } from './record-text.ts';
import { isSheet } from './sheet.ts';

/** Filters the page by a value. */
export type ValueFilter = (field: SearchField | undefined, value: string, exclude?: boolean) => void;

const spareAbovePx = 8;
/** Events of a life that are shown at once. */
const unfoldedMax = 6;

/** Loaded on demand: most readers only watch. */
const loadActions = () => import('./parcel-actions.tsx');
const loadProofs = () => import('../ui/proof-list.tsx');

interface ParcelDetailsProps {
  desk: ParcelDesk;
  watched: WatchedParcel;
  /** The record that the reader came from. */
  selected?: CapsRecord | undefined;
  panel: RefObject<HTMLElement | null>;
  onClose: () => void;
  /** Without it, values are plain text. */
  onValue?: ValueFilter | undefined;
  /** @returns the address of what is shown */
  link: () => string;
}

/** One parcel with its whole history and dispatch's actions on it: beside a list, on a phone as a sheet over it. */
export function ParcelDetails({
  desk,
  watched,
  selected,
  panel,
  onClose,
  onValue,
  link,
}: ParcelDetailsProps) {
  const { parcel: words, copy } = logWords();
  const { key, life, trouble } = watched;
  const actions = useActions(desk, key);
  const code = useLoaded(loadActions);
  useRowAboveSheet(panel, selected?.seq, life !== undefined && code !== undefined);
  const shown = selected && isOf(selected, key) ? selected : life?.parcel;
  return (
    <section ref={panel} className={styles['panel']} aria-label={words.label}>
      <header className={styles['head']}>
        <h2 className={styles['order']} dir="auto">
          {key.orderID}
        </h2>
        {life && <StatusMark status={life.parcel.status} look="chip" />}
        <Button
          className={styles['close'] ?? ''}
          look="quiet"
          size="small"
          aria-keyshortcuts="Escape"
          onClick={onClose}
        >
          {shared().close}
        </Button>
      </header>
      {trouble !== undefined && <p className={styles['trouble']}>{trouble}</p>}
      {life?.parcel.urgent && <Urgent note={life.parcel.urgent} act={actions.act} />}
      {life?.parcel.unseen && life.parcel.holder && (
        <p className={styles['unseen']}>{words.unseen(life.parcel.holder.name ?? life.parcel.holder.id)}</p>
      )}
      {life && <Facts parcel={life.parcel} onValue={onValue} />}
      {code === 'missing' && <p className={styles['trouble']}>{shared().shell.partMissingHint}</p>}
      {life && code && code !== 'missing' && (
        <code.ParcelActions key={`${key.store} ${key.orderID}`} desk={desk} life={life} {...actions} />
      )}
      {life && hasProofs(life.records) && <Proofs key={`proofs ${key.store} ${key.orderID}`} life={life} />}
      {life && <Life key={`life ${key.store} ${key.orderID}`} records={life.records} selected={selected} />}
      {shown && (
        <details className={styles['json']}>
          <summary>JSON</summary>
          <pre dir="ltr">{JSON.stringify(shown, null, 2)}</pre>
        </details>
      )}
      {shown && (
        <div className={styles['take']}>
          <CopyButton label={copy.json} text={() => JSON.stringify(shown, null, 2)} />
          <CopyButton label={shared().copy.link} text={link} />
        </div>
      )}
      <OutcomeLine {...actions} />
    </section>
  );
}

function Proofs({ life: { parcel, records } }: { life: ParcelLife }) {
  const code = useLoaded(loadProofs);
  const { store, orderID } = parcel.payload;
  const source = useMemo(() => proofSource('admin', { store, orderID }), [store, orderID]);
  if (!code || code === 'missing') return null;
  return (
    <div className={styles['proofs']}>
      <code.ProofList records={records} source={source} />
    </div>
  );
}

/** A driver's urgent note, until dispatch has seen it. */
function Urgent({ note: { rev, text, by, about }, act }: { note: UrgentNote; act: Actions['act'] }) {
  const words = logWords().parcel;
  return (
    <div className={styles['urgent']}>
      <p>
        {about === 'pin' && (
          <>
            <strong>{words.pins(by)}</strong>
            {words.pinsHint}
          </>
        )}
        {text !== pinsWrong && (
          <>
            <strong>{words.urgent(by)}</strong>
            <bdi>{lines(text)}</bdi>
          </>
        )}
      </p>
      <Button size="small" onClick={() => void act({ event: 'seen', details: { rev } }, words.seenDone)}>
        {words.seen}
      </Button>
    </div>
  );
}

interface FactsProps {
  parcel: ParcelView;
  onValue: ValueFilter | undefined;
}

function Facts({ parcel: { payload, holder, attempts }, onValue }: FactsProps) {
  const words = logWords().parcel;
  const { store, orderID, customer, address, notBefore, dueAt, phone, email, note } = payload;
  return (
    <dl className={styles['facts']}>
      <dt>{words.customer}</dt>
      <Filters value={customer} onValue={onValue} />
      <dt>{words.address}</dt>
      <Filters value={address} onValue={onValue} />
      <dt>{words.store}</dt>
      <Filters field="store" value={store} onValue={onValue} />
      {holder && (
        <>
          <dt>{words.driver}</dt>
          <Filters field="driver" value={holder.id} word={holder.name ?? holder.id} onValue={onValue} />
        </>
      )}
      <dt>{words.order}</dt>
      <Filters field="order" value={orderID} onValue={onValue} />
      {attempts > 0 && <Fact term={words.attempts} text={count(attempts)} />}
      {notBefore !== undefined && <Fact term={words.notBefore} text={arrangedText(notBefore)} />}
      {dueAt !== undefined && <Fact term={words.due} text={arrangedText(dueAt)} />}
      {phone !== undefined && <Fact term={words.phone} text={phone} link={phoneLink(phone)} />}
      {email !== undefined && <Fact term={words.email} text={email} link={mailLink(email)} />}
      {note !== undefined && <Fact term={words.note} text={note} />}
    </dl>
  );
}

function Fact({ term, text, link }: { term: string; text: string; link?: string }) {
  const shown = <bdi>{lines(text)}</bdi>;
  return (
    <>
      <dt>{term}</dt>
      <dd>{link === undefined ? shown : <a href={link}>{shown}</a>}</dd>
    </>
  );
}

interface FiltersProps {
  field?: SearchField;
  value: string;
  /** The visible text, if it is not the value itself. */
  word?: string;
  onValue: ValueFilter | undefined;
}

/** A value with buttons that filter the log by it or exclude it. */
function Filters({ field, value, word = value, onValue }: FiltersProps) {
  const words = logWords().parcel;
  if (!onValue) {
    return (
      <dd>
        <bdi>{lines(word)}</bdi>
      </dd>
    );
  }
  return (
    <dd className={styles['filters']}>
      <button
        type="button"
        className={styles['value']}
        title={words.only}
        onClick={() => onValue(field, value)}
      >
        <bdi>{lines(word)}</bdi>
      </button>
      <button
        type="button"
        className={styles['not']}
        title={words.allBut}
        aria-label={words.excludeWhat(word)}
        onClick={() => onValue(field, value, true)}
      >
        {words.exclude}
      </button>
    </dd>
  );
}

interface LifeProps {
  records: readonly CapsRecord[];
  selected: CapsRecord | undefined;
}

/** A long life shows its latest events, unless the reader came from an earlier one. */
function Life({ records, selected }: LifeProps) {
  const words = logWords();
  const [isWhole, setIsWhole] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const latest = records.length > unfoldedMax ? records.slice(-unfoldedMax) : records;
  const isEarlier = selected !== undefined && selected.rev < (latest[0]?.rev ?? 0);
  const isFolded = latest !== records && !isWhole && !isEarlier;
  const unfold = () => {
    flushSync(() => setIsWhole(true));
    // The button is gone.
    list.current?.focus();
  };
  return (
    <>
      {isFolded && (
        <div className={styles['fold']}>
          <Button look="quiet" size="small" onClick={unfold}>
            {words.parcel.allEvents(records.length)}
          </Button>
        </div>
      )}
      <ol ref={list} className={styles['life']} aria-label={words.parcel.life} tabIndex={-1}>
        {(isFolded ? latest : records).map((record) => (
          <LifeEvent
            key={record.rev}
            record={record}
            details={detailText(record, words, lines, records)}
            isSelected={record.rev === selected?.rev}
          />
        ))}
      </ol>
    </>
  );
}

interface LifeEventProps {
  record: CapsRecord;
  details: string;
  isSelected: boolean;
}

function LifeEvent({ record, details, isSelected }: LifeEventProps) {
  const words = logWords();
  const time = record.machineTime ?? record.time;
  return (
    <li data-status={record.status} aria-current={isSelected || undefined}>
      <StatusShape status={record.status} />
      <span className={styles['word']}>{eventWord(words.life.event, record.event)}</span>
      <time dateTime={time} title={fullText(time)}>
        {momentText(time)}
      </time>
      <span className={styles['by']}>
        <bdi>{doerText(record) ?? record.by.id}</bdi> · <bdi>{record.via}</bdi>
        {record.occurredAt !== undefined && ` · ${words.parcel.doneAt(momentText(record.occurredAt))}`}
      </span>
      {details !== '' && <span className={styles['details']}>{details}</span>}
    </li>
  );
}

function isOf({ payload }: CapsRecord, key: WatchedParcel['key']): boolean {
  return payload.store === key.store && payload.orderID === key.orderID;
}

/** If the panel is a sheet, scrolls the page so that the selected row is above it. */
function useRowAboveSheet(
  panel: RefObject<HTMLElement | null>,
  seq: number | undefined,
  isWhole: boolean,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: and again when all is loaded, because it is higher then
  useLayoutEffect(() => {
    const sheet = panel.current;
    if (!sheet || seq === undefined || !isSheet(sheet)) return;
    const frame = requestAnimationFrame(() => {
      const row = document.querySelector(`[role="log"] [data-seq="${seq}"]`);
      const covered = (row?.getBoundingClientRect().bottom ?? 0) - sheet.getBoundingClientRect().top;
      if (covered > 0) scrollBy({ top: covered + spareAbovePx, behavior: 'instant' });
    });
    return () => cancelAnimationFrame(frame);
  }, [panel, seq, isWhole]);
}
