import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import type { SearchField } from '../../../protocol/search.ts';
import { useStore } from '../../hooks.ts';
import { Button } from '../../ui/button.tsx';
import { StatusMark, StatusShape } from '../../ui/status-mark.tsx';
import type { LogStore } from './log-store.ts';
import styles from './parcel-panel.module.css';
import type { WatchedParcel } from './parcel-watch.ts';
import { detailText, doerText, eventWords, momentText } from './words.ts';

interface ParcelPanelProps {
  store: LogStore;
  /** The record that was opened. */
  selected: CapsRecord | undefined;
  onClose: () => void;
  onValue: (field: SearchField, value: string) => void;
}

/** One parcel's whole life: beside the log, on a phone a sheet over it. */
export function ParcelPanel({ store, selected, onClose, onValue }: ParcelPanelProps) {
  const watched = useStore(store.parcel.state);
  if (!watched) return null;
  const { key, life, trouble } = watched;
  return (
    <section className={styles['panel']} aria-label="Parcel details">
      <header className={styles['head']}>
        <h2 className={styles['order']}>{key.orderID}</h2>
        {life && <StatusMark status={life.parcel.status} look="chip" />}
        <Button
          className={styles['close'] ?? ''}
          look="quiet"
          size="small"
          aria-keyshortcuts="Escape"
          onClick={onClose}
        >
          Close
        </Button>
      </header>
      {trouble !== undefined && <p className={styles['trouble']}>{trouble}</p>}
      {life && <Facts parcel={life.parcel} onValue={onValue} />}
      {life && <Life watched={watched} selected={selected} />}
      {life && (
        <details className={styles['json']}>
          <summary>JSON</summary>
          <pre>{JSON.stringify(selected && isOf(selected, key) ? selected : life.parcel, null, 2)}</pre>
        </details>
      )}
    </section>
  );
}

interface FactsProps {
  parcel: ParcelView;
  onValue: ParcelPanelProps['onValue'];
}

function Facts({ parcel: { payload, holder, attempts }, onValue }: FactsProps) {
  const { store, orderID, customer, address, dueAt, phone, note } = payload;
  return (
    <dl className={styles['facts']}>
      <dt>Customer</dt>
      <dd>
        <bdi>{customer}</bdi>
      </dd>
      <dt>Address</dt>
      <dd>
        <bdi>{address}</bdi>
      </dd>
      <dt>Store</dt>
      <dd>
        <FilterButton field="store" value={store} word={store} onValue={onValue} />
      </dd>
      {holder && (
        <>
          <dt>Driver</dt>
          <dd>
            <FilterButton
              field="driver"
              value={holder.id}
              word={holder.name ?? holder.id}
              onValue={onValue}
            />
          </dd>
        </>
      )}
      <dt>Order</dt>
      <dd>
        <FilterButton field="order" value={orderID} word={orderID} onValue={onValue} />
      </dd>
      {attempts > 0 && <Fact term="Failed attempts" text={`${attempts}`} />}
      {dueAt !== undefined && <Fact term="Due" text={new Date(dueAt).toLocaleString()} />}
      {phone !== undefined && <Fact term="Phone" text={phone} />}
      {note !== undefined && <Fact term="Note" text={note} />}
    </dl>
  );
}

function Fact({ term, text }: { term: string; text: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{text}</dd>
    </>
  );
}

interface FilterButtonProps {
  field: SearchField;
  value: string;
  word: string;
  onValue: ParcelPanelProps['onValue'];
}

function FilterButton({ field, value, word, onValue }: FilterButtonProps) {
  return (
    <button
      type="button"
      className={styles['value']}
      title={`Filter by ${field}:${value}`}
      onClick={() => onValue(field, value)}
    >
      {word}
    </button>
  );
}

function Life({ watched: { life }, selected }: { watched: WatchedParcel; selected: CapsRecord | undefined }) {
  return (
    <ol className={styles['life']} aria-label="Life of the parcel">
      {life?.records.map((record) => {
        const details = detailText(record);
        return (
          <li
            key={record.rev}
            data-status={record.status}
            aria-current={record.rev === selected?.rev || undefined}
          >
            <StatusShape status={record.status} />
            <span className={styles['word']}>{eventWords[record.event]}</span>
            <time dateTime={record.time} title={new Date(record.time).toLocaleString()}>
              {momentText(record.time)}
            </time>
            <span className={styles['by']}>
              {doerText(record) ?? record.by.id} · {record.via}
              {record.occurredAt !== undefined && ` · done at ${momentText(record.occurredAt)}, sent later`}
            </span>
            {details !== '' && <span className={styles['details']}>{details}</span>}
          </li>
        );
      })}
    </ol>
  );
}

function isOf({ payload }: CapsRecord, key: WatchedParcel['key']): boolean {
  return payload.store === key.store && payload.orderID === key.orderID;
}
