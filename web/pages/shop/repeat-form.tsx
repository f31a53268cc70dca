import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { NewRepeat } from '../../../protocol/repeats.ts';
import { dateFormat } from '../../app/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { shopRepeats as words } from '../../words/shop-repeats.ts';
import {
  choiceOf,
  dayNamed,
  type RuleChoice,
  rhythms,
  ruleOf,
  type Weekday,
  weekdays,
} from './repeat-rule.ts';
import styles from './repeats.module.css';

const weekdayName = dateFormat({ weekday: 'short', timeZone: 'UTC' });

interface RepeatFormProps {
  /** What stands in it first. */
  start: NewRepeat;
  isNew: boolean;
  /** Rejects with an Error in words for a person. */
  onSave: (repeat: NewRepeat) => Promise<void>;
  onCancel: () => void;
}

/** When an order repeats, and for whom. */
export function RepeatForm({ start, isNew, onSave, onCancel }: RepeatFormProps) {
  const texts = words().form;
  const [typed, setTyped] = useState(start);
  /** Undefined for a rule of another program, which stays as it is. */
  const [choice, setChoice] = useState<RuleChoice | undefined>(() => choiceOf(start.rule, start.from));
  const [problem, setProblem] = useState<string>();
  const [isSaving, setSaving] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const rule = choice ? ruleOf(choice, typed.from) : start.rule;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSaving) return;
    const wrong = problemOf(typed);
    setProblem(wrong);
    if (wrong !== undefined) return;
    setSaving(true);
    try {
      await onSave({ ...typed, rule, start: typed.start || undefined, end: typed.end || undefined });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setSaving(false);
    }
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)} noValidate>
      <h3 ref={title} tabIndex={-1}>
        {texts.title}
      </h3>
      <OrderFields typed={typed} onType={setTyped} />
      <RhythmFields choice={choice} onChoose={setChoice} />
      <TimeFields typed={typed} onType={setTyped} />
      {typed.timeZone !== undefined && <p className={styles['quiet']}>{texts.zone(typed.timeZone)}</p>}
      {problem !== undefined && (
        <p role="alert" className={styles['problem']}>
          {problem}
        </p>
      )}
      <div className={styles['actions']}>
        <Button type="submit" look="main" disabled={isSaving}>
          {isSaving ? texts.saving : isNew ? texts.save : texts.saveChange}
        </Button>
        <Button onClick={onCancel}>{texts.cancel}</Button>
      </div>
    </form>
  );
}

interface TypedProps {
  typed: NewRepeat;
  onType: (repeat: NewRepeat) => void;
}

function OrderFields({ typed, onType }: TypedProps) {
  const texts = words().form;
  const { order } = typed;
  return (
    <>
      <Field
        label={texts.customer}
        value={order.customer}
        onChange={(customer) => onType({ ...typed, order: { ...order, customer } })}
      />
      <Field
        label={texts.address}
        value={order.address}
        onChange={(address) => onType({ ...typed, order: { ...order, address } })}
      />
    </>
  );
}

function TimeFields({ typed, onType }: TypedProps) {
  const texts = words().form;
  return (
    <div className={styles['times']}>
      <Field
        label={texts.from}
        type="date"
        value={typed.from}
        onChange={(from) => onType({ ...typed, from })}
      />
      <Field
        label={texts.start}
        type="time"
        value={typed.start ?? ''}
        onChange={(time) => onType({ ...typed, start: time })}
      />
      <Field
        label={texts.until}
        type="time"
        value={typed.end ?? ''}
        onChange={(time) => onType({ ...typed, end: time })}
      />
    </div>
  );
}

interface RhythmFieldsProps {
  choice: RuleChoice | undefined;
  onChoose: (choice: RuleChoice) => void;
}

function RhythmFields({ choice, onChoose }: RhythmFieldsProps) {
  const texts = words().form;
  const id = useId();
  const days = choice?.days ?? [];
  const hasDays = choice?.rhythm === 'weekly' || choice?.rhythm === 'fortnightly';
  const toggle = (day: Weekday) =>
    choice &&
    onChoose({ ...choice, days: days.includes(day) ? days.filter((one) => one !== day) : [...days, day] });
  return (
    <>
      <div className={styles['choice']}>
        <label htmlFor={id}>{texts.often}</label>
        <select
          id={id}
          value={choice?.rhythm ?? ''}
          onChange={({ currentTarget: { value } }) => {
            const rhythm = rhythms.find((one) => one === value);
            if (rhythm) onChoose({ rhythm, days });
          }}
        >
          {!choice && <option value="">{texts.rhythm.own}</option>}
          {rhythms.map((rhythm) => (
            <option key={rhythm} value={rhythm}>
              {texts.rhythm[rhythm]}
            </option>
          ))}
        </select>
      </div>
      {hasDays && (
        <fieldset className={styles['days']}>
          <legend>{texts.days}</legend>
          {weekdays.map((day) => (
            <label key={day}>
              <input type="checkbox" checked={days.includes(day)} onChange={() => toggle(day)} />
              {weekdayName().format(dayNamed(day))}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

function problemOf({ order, from, start, end }: NewRepeat): string | undefined {
  const texts = words().form;
  if (order.customer.trim() === '' || order.address.trim() === '') return texts.missing;
  if (from === '') return texts.noDay;
  if (!start && !end) return texts.noTime;
  return start && end && start > end ? texts.reversed : undefined;
}
