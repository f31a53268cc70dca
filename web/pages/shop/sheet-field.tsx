import { useId } from 'react';
import { shopImport as words } from '../../words/shop-import.ts';
import styles from './import-dialog.module.css';
import type { SheetChoice } from './import-sheet.ts';

interface SheetFieldProps {
  workbook: SheetChoice | undefined;
  onChoose: (at: number) => void;
}

/** Chooses the sheet of a workbook that has several. */
export function SheetField({ workbook, onChoose }: SheetFieldProps) {
  const id = useId();
  if (!workbook || workbook.names.length < 2) return null;
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{words().columns.sheet}</label>
      <div className={styles['selects']}>
        <select
          id={id}
          value={workbook.at}
          onChange={({ currentTarget }) => onChoose(Number(currentTarget.value))}
        >
          {workbook.names.map((name, at) => (
            <option key={name} value={at}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
