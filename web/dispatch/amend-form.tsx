import { type FormEvent, useState } from 'react';
import { changesFrom } from '../../protocol/amendment.ts';
import { amendableFields } from '../../protocol/events.ts';
import type { Order } from '../../protocol/orders.ts';
import { cleanText } from '../app/clean-text.ts';
import { Button } from '../ui/button.tsx';
import { actionsWords } from '../words/log-actions.ts';
import styles from './parcel-actions.module.css';
import type { Actions } from './parcel-outcome.tsx';

type FieldName = (typeof amendableFields)[number];

/** Changes the order. The fields are there once somebody asks for them. */
export function AmendForm({ order, act }: { order: Order; act: Actions['act'] }) {
  const [isOpen, setOpen] = useState(false);
  const words = actionsWords().amend;
  if (!isOpen)
    return (
      <div className={styles['step']}>
        <Button size="small" onClick={() => setOpen(true)}>
          {words.open}
        </Button>
        <span className={styles['hint']}>{words.hint}</span>
      </div>
    );
  return <Fields order={order} act={act} onClose={() => setOpen(false)} />;
}

interface FieldsProps {
  order: Order;
  act: Actions['act'];
  onClose: () => void;
}

function Fields({ order, act, onClose }: FieldsProps) {
  const words = actionsWords().amend;
  // The order may be amended meanwhile: what is sent is what was changed here.
  const [before] = useState(order);
  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const details = changesFrom(before, orderIn(new FormData(event.currentTarget), before));
    // An empty change is none.
    if (Object.keys(details).length === 0 || (await act({ event: 'amended', details }, words.done)))
      onClose();
  }
  return (
    <form className={styles['amend']} aria-label={words.open} onSubmit={(event) => void send(event)}>
      {amendableFields.map((name) => (
        <label key={name}>
          <span>{words.field[name]}</span>
          <input
            name={name}
            type={isTime(name) ? 'datetime-local' : name === 'phone' ? 'tel' : 'text'}
            defaultValue={isTime(name) ? localTime(before[name]) : before[name]}
            required={name === 'customer' || name === 'address'}
            maxLength={1_024}
            autoComplete="off"
          />
        </label>
      ))}
      <div className={styles['write']}>
        <Button type="submit" size="small">
          {words.do}
        </Button>
        <Button look="quiet" size="small" onClick={onClose}>
          {words.leave}
        </Button>
      </div>
    </form>
  );
}

function orderIn(form: FormData, order: Order): Order {
  const after: Record<string, unknown> = { ...order };
  for (const name of amendableFields) {
    const typed = cleanText(String(form.get(name) ?? ''));
    const before = isTime(name) ? localTime(order[name]) : order[name];
    // What nobody touched stays as it is: a field shows a time to the minute only.
    if (typed === (before ?? '')) continue;
    after[name] = typed === '' ? undefined : isTime(name) ? new Date(typed).toISOString() : typed;
  }
  return after as Order;
}

function isTime(name: FieldName): boolean {
  return name === 'notBefore' || name === 'dueAt';
}

/** `2026-11-30T14:30` in this device's time zone, as such a field wants it. */
function localTime(moment: string | undefined): string | undefined {
  const time = new Date(moment ?? '');
  if (Number.isNaN(time.getTime())) return undefined;
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}`;
}
