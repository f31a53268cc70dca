import { type ClipboardEvent, type ComponentProps, type RefObject, useRef, useState } from 'react';
import { deviceZone } from '../app/device-zone.ts';
import { windowOf } from '../app/due-time.ts';
import { hubClock } from '../app/hub-clock.ts';
import { inOneLine, isCells } from '../app/pasted-text.ts';
import { orderForm as words } from '../words/order-form.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import styles from './order-form.module.css';
import {
  emptyText,
  type OrderProblems,
  type OrderText,
  type OrderTextField,
  orderTextFields,
  problemsOf,
} from './order-text.ts';

type FieldProps = Omit<ComponentProps<typeof Field>, 'label'>;

export interface OrderForm {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly typed: OrderText;
  /** Of its times. */
  readonly zone: string;
  readonly fill: (parts: Partial<OrderText>) => void;
  readonly focus: (name: OrderTextField) => void;
  /** Shows what is wrong, and goes to the first of it. @returns whether all is right */
  readonly check: () => boolean;
  /** What a field of the form is given. */
  readonly field: (name: OrderTextField) => FieldProps;
}

/**
 * The text of an order's fields, and its faults.
 * @param before the order that is changed; undefined for a new one
 * @param onCells takes pasted cells, if one field cannot hold them
 * @param zone of its times
 */
export function useOrderForm(
  before?: OrderText,
  onCells?: (text: string) => void,
  zone: string = deviceZone(),
): OrderForm {
  const [typed, setTyped] = useState(before ?? emptyText);
  const [problems, setProblems] = useState<OrderProblems>({});
  const form = useRef<HTMLFormElement>(null);
  const found = (text: OrderText) => problemsOf(text, hubClock.now(), before, zone);

  function type(name: OrderTextField, text: string): void {
    const next = { ...typed, [name]: text };
    setTyped(next);
    // Check faulty fields with every key until they are right.
    const now = found(next);
    const left = Object.keys(problems) as OrderTextField[];
    setProblems(Object.fromEntries(left.map((one) => [one, now[one]])));
  }

  function fill(parts: Partial<OrderText>): void {
    setProblems({});
    setTyped((text) => ({ ...text, ...parts }));
  }

  function focus(name: OrderTextField): void {
    inputOf(form.current, name)?.focus();
  }

  function check(): boolean {
    const wrong = { ...found(typed), ...halfTyped(form.current) };
    setProblems(wrong);
    const first = orderTextFields.find((name) => wrong[name] !== undefined);
    if (first === undefined) return true;
    const folded = inputOf(form.current, first)?.closest('details');
    if (folded) folded.open = true;
    focus(first);
    return false;
  }

  const field = (name: OrderTextField): FieldProps => ({
    name,
    autoComplete: 'off',
    value: typed[name],
    onChange: (text: string) => type(name, text),
    onPaste: (event: ClipboardEvent<HTMLInputElement>) => {
      const text = textPasted(event);
      if (text === undefined) return;
      if (name === 'customer' && onCells && isCells(text)) onCells(text);
      else type(name, withPasted(event.currentTarget, inOneLine(text, name === 'address' ? ', ' : ' ')));
    },
    error: problems[name],
  });
  return { form, typed, zone, fill, focus, check, field };
}

function inputOf(form: HTMLFormElement | null, name: OrderTextField): HTMLInputElement | null | undefined {
  return form?.querySelector<HTMLInputElement>(`input[name="${name}"]`);
}

/** A browser keeps a half-typed time to itself. */
function halfTyped(form: HTMLFormElement | null): OrderProblems {
  const half = orderTextFields.filter((name) => inputOf(form, name)?.validity.badInput);
  return Object.fromEntries(half.map((name) => [name, words().noMoment]));
}

/** @returns a pasted text with tabs or line breaks, which a field of one line would spoil */
function textPasted(event: ClipboardEvent<HTMLInputElement>): string | undefined {
  const text = event.clipboardData.getData('text/plain');
  if (!/[\t\r\n\u2028\u2029]/.test(text) || event.currentTarget.selectionStart === null) return undefined;
  event.preventDefault();
  return text;
}

/** Inserts a text at the cursor. @returns the value of the field */
function withPasted(field: HTMLInputElement, text: string): string {
  field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
  return field.value;
}

interface FurtherFieldsProps {
  form: OrderForm;
  /** The shop's opening hours, in its own words. */
  hours?: string | undefined;
}

/** When the order may be delivered, with quick choices of the day, and how its customer is reached. */
export function FurtherFields({ form: { form, zone, field, fill, focus }, hours }: FurtherFieldsProps) {
  const texts = words();
  const [isClosed, setClosed] = useState(false);
  const choose = (day: 'today' | 'tomorrow') => {
    setClosed(false);
    fill(windowOf(day, hubClock.now(), zone));
    if (day === 'tomorrow' && hours) void takeHours(hours);
  };
  const takeHours = async (text: string) => {
    // Without what reads them the usual hours stand.
    const reader = await import('../app/opening-hours.ts').catch(() => undefined);
    const open = reader?.tomorrowIn(text, hubClock.now(), zone);
    setClosed(open === 'closed');
    if (open && open !== 'closed') fill(open);
  };
  const pick = () => {
    focus('dueAt');
    try {
      inputOf(form.current, 'dueAt')?.showPicker();
    } catch {
      // TypeError: an older browser, which has no such picker. The field has the focus.
    }
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend */}
      <div role="group" aria-label={texts.day} className={styles['days']}>
        <Button size="small" onClick={() => choose('today')}>
          {texts.today}
        </Button>
        <Button size="small" onClick={() => choose('tomorrow')}>
          {texts.tomorrow}
        </Button>
        <Button size="small" onClick={pick}>
          {texts.otherDay}
        </Button>
      </div>
      {isClosed && (
        <p role="status" className={styles['zone']}>
          {texts.closed(hours ?? '')}
        </p>
      )}
      <Field label={texts.notBefore} type="datetime-local" {...field('notBefore')} />
      <Field label={texts.due} type="datetime-local" {...field('dueAt')} />
      {zone !== deviceZone() && <p className={styles['zone']}>{texts.zone(zone)}</p>}
      <Field label={texts.phone} type="tel" {...field('phone')} />
      <Field label={texts.email} type="email" {...field('email')} />
      <Field label={texts.note} {...field('note')} />
    </>
  );
}
