import { useState } from 'react';
import type { ParcelView } from '../../protocol/messages.ts';
import { AmendForm } from '../ui/amend-form.tsx';
import { Button } from '../ui/button.tsx';
import { amendForm } from '../words/amend-form.ts';
import { actionsWords } from '../words/log-actions.ts';
import styles from './parcel-actions.module.css';
import type { Actions } from './parcel-outcome.tsx';

/** Changes the order. The fields are there once somebody asks for them. */
export function ChangeOrder({ parcel, amend }: { parcel: ParcelView; amend: Actions['amend'] }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <AmendForm order={parcel} save={amend} onDone={() => setOpen(false)} />;
  return (
    <div className={styles['step']}>
      <Button size="small" onClick={() => setOpen(true)}>
        {amendForm().change}
      </Button>
      <span className={styles['hint']}>{actionsWords().amend.hint}</span>
    </div>
  );
}
