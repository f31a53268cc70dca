import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { shopImport as words } from '../../words/shop-import.ts';
import { DayOrderField } from './day-order-field.tsx';
import styles from './import-dialog.module.css';
import {
  type ColumnChoice,
  type ColumnMapping,
  isComplete,
  type SourceFile,
  withColumn,
} from './import-mapping.ts';
import type { SheetChoice } from './import-sheet.ts';
import { type OrderField, orderFields } from './order-table.ts';
import { SheetField } from './sheet-field.tsx';

/** How many of their columns one field can join: street, number, town and postcode. */
const joinedMax: Readonly<Record<OrderField, number>> = {
  orderID: 1,
  customer: 2,
  address: 4,
  notBefore: 1,
  dueAt: 2,
  phone: 1,
  email: 1,
  note: 1,
};

export interface ImportChooserProps {
  choosing: SourceFile & ColumnChoice & { readonly workbook: SheetChoice | undefined };
  onChange: (mapping: ColumnMapping) => void;
  onChosen: () => void;
  onSheet: (at: number) => void;
  /** The user wants another file. */
  onLeave: () => void;
}

/** Assigns the file's columns to our fields, with a sample for each. */
export function ImportChooser({ choosing, onChange, onChosen, onSheet, onLeave }: ImportChooserProps) {
  const { name, headings, samples, others, mayBeBare, eitherDay, workbook } = choosing;
  // Local state, because the store's snapshot is a frame late and a select would jump back.
  const [mapping, setMapping] = useState(choosing.mapping);
  const change = (next: ColumnMapping) => {
    setMapping(next);
    onChange(next);
  };
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const texts = words().columns;
  const columns = headings.map((heading, i) => {
    if (heading === '') return texts.nameless(i + 1);
    return mapping.isBare ? texts.named(i + 1, heading) : heading;
  });
  return (
    <>
      <h3 ref={title} tabIndex={-1}>
        {texts.title} <bdi className={styles['quiet']}>{name}</bdi>
      </h3>
      <SheetField workbook={workbook} onChoose={onSheet} />
      {mayBeBare && (
        <label className={styles['choice']}>
          <input
            type="checkbox"
            checked={!mapping.isBare}
            onChange={(event) => change({ ...mapping, isBare: !event.currentTarget.checked })}
          />
          {texts.heads}
        </label>
      )}
      <div className={styles['columns']}>
        {orderFields.map((field) => (
          <FieldColumns
            key={field}
            field={field}
            chosen={mapping.columns[field]}
            columns={columns}
            sample={samples[field]}
            onChoose={(place, at) => change(withColumn(mapping, field, place, at))}
          />
        ))}
      </div>
      {eitherDay !== undefined && (
        <DayOrderField
          day={eitherDay}
          chosen={mapping.dayOrder}
          onChoose={(dayOrder) => change({ ...mapping, dayOrder })}
        />
      )}
      {others > 0 && (
        <label className={styles['choice']}>
          <input
            type="checkbox"
            checked={mapping.keepsOthers}
            onChange={(event) => change({ ...mapping, keepsOthers: event.currentTarget.checked })}
          />
          {texts.keepOthers(others)}
        </label>
      )}
      {!isComplete(mapping, undefined) && <p className={styles['quiet']}>{texts.needed}</p>}
      <div className={styles['actions']}>
        <Button look="main" disabled={!isComplete(mapping, eitherDay)} onClick={onChosen}>
          {texts.show}
        </Button>
        <Button onClick={onLeave}>{words().another}</Button>
      </div>
    </>
  );
}

interface FieldColumnsProps {
  field: OrderField;
  /** Indexes of the assigned columns. */
  chosen: readonly number[];
  /** Names of all columns. */
  columns: readonly string[];
  sample: string;
  onChoose: (place: number, at: number | undefined) => void;
}

function FieldColumns({ field, chosen, columns, sample, onChoose }: FieldColumnsProps) {
  const texts = words().columns;
  const label = texts.field[field];
  const id = useId();
  const sampleId = `${id}-sample`;
  const places = Math.min(chosen.length + 1, joinedMax[field]);
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <div className={styles['selects']}>
        {Array.from({ length: places }, (_, place) => (
          <select
            // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed
            key={place}
            id={place === 0 ? id : undefined}
            aria-label={place === 0 ? undefined : texts.further(label)}
            aria-describedby={place === 0 && sample !== '' ? sampleId : undefined}
            data-more={place > 0 || undefined}
            value={chosen[place] ?? ''}
            onChange={({ currentTarget: { value } }) =>
              onChoose(place, value === '' ? undefined : Number(value))
            }
          >
            <option value="">{place === 0 ? texts.none : texts.add}</option>
            {columns.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are identified by index; names may repeat
              <option key={at} value={at}>
                {column}
              </option>
            ))}
          </select>
        ))}
        {sample !== '' && (
          <bdi id={sampleId} className={styles['sample']}>
            {sample}
          </bdi>
        )}
      </div>
    </div>
  );
}
