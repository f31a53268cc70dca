import { type ClipboardEvent, type ComponentProps, type FormEvent, useRef, useState } from 'react';
import { isVisible } from '../../../protocol/characters.ts';
import { limits } from '../../../protocol/limits.ts';
import { cleanText } from '../../app/clean-text.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { momentOf } from './due-time.ts';
import { asTable, inOneLine, isCells, orderIn, type PastedOrder } from './pasted-text.ts';
import type { Shop } from './shop.ts';
import styles from './shop-page.module.css';
import type { NewOrderParts } from './shop-state.ts';

interface FormText {
  readonly customer: string;
  readonly address: string;
  readonly due: string;
  readonly phone: string;
  readonly note: string;
}

const nothing: FormText = { customer: '', address: '', due: '', phone: '', note: '' };
const optional = ['due', 'phone', 'note'] as const;

type Problems = Partial<Record<keyof FormText, string>>;

/** The text of the fields, and its faults. */
function useFormText() {
  const [typed, setTyped] = useState(nothing);
  const [problems, setProblems] = useState<Problems>({});

  function type(name: keyof FormText, text: string): void {
    const next = { ...typed, [name]: text };
    setTyped(next);
    // Check a faulty field with every key until it is right.
    if (problems[name] !== undefined)
      setProblems({ ...problems, [name]: problemsOf(next, hubClock.now())[name] });
  }

  function fill(parts: Partial<FormText>): void {
    setProblems({});
    setTyped((before) => ({ ...before, ...parts }));
  }

  return { typed, problems, setProblems, type, fill };
}

/** The form; the simulator never touches what is typed here. */
export function NewOrder({ shop }: { shop: Shop }) {
  const { typed, problems, setProblems, type, fill } = useFormText();
  const [sampleFailed, setSampleFailed] = useState(false);
  const element = useRef<HTMLFormElement>(null);

  function focus(name: keyof FormText): void {
    element.current?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = problemsOf(typed, hubClock.now());
    setProblems(found);
    const first = (Object.keys(nothing) as (keyof FormText)[]).find((name) => found[name] !== undefined);
    if (first !== undefined) {
      const more = element.current?.querySelector('details');
      if (more && first !== 'customer' && first !== 'address') more.open = true;
      focus(first);
      return;
    }
    shop.drafts.send(orderOf(typed));
    fill(nothing);
    focus('customer');
  }

  async function fillWithSample(): Promise<void> {
    try {
      fill(await shop.samples.next());
      setSampleFailed(false);
    } catch {
      setSampleFailed(true);
    }
  }

  const field = (name: keyof FormText) => ({
    name,
    autoComplete: 'off',
    value: typed[name],
    onChange: (text: string) => type(name, text),
    onPaste: (event: ClipboardEvent<HTMLInputElement>) => {
      const text = textPasted(event);
      if (text === undefined) return;
      if (name === 'customer' && isCells(text)) void fillFrom(shop, text, (order) => fill(givenIn(order)));
      else type(name, withPasted(event.currentTarget, inOneLine(text, name === 'address' ? ', ' : ' ')));
    },
    error: problems[name],
  });
  const { form } = words();
  return (
    <Panel title={form.title}>
      <form ref={element} className={styles['form']} onSubmit={submit} noValidate aria-label={form.title}>
        <Field label={shared().customer} required {...field('customer')} />
        <Field label={form.address} required {...field('address')} />
        <OptionalFields typed={typed} field={field} />
        <div className={styles['formActions']}>
          <Button type="submit" look="main">
            {form.send}
          </Button>
          <Button onClick={() => void fillWithSample()}>{form.sample}</Button>
        </div>
        {sampleFailed && <p className={styles['problem']}>{form.sampleMissing}</p>}
      </form>
    </Panel>
  );
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

/** One row of a spreadsheet fills the form; several are an import. */
async function fillFrom(shop: Shop, text: string, fill: (order: PastedOrder) => void): Promise<void> {
  try {
    const orders = await shop.import.open();
    const [row, ...more] = await orders.rowsOf(text);
    if (more.length > 0) await orders.read(new File([asTable(text)], words().form.pasted));
    else if (row) fill(orderIn(row));
  } catch {
    // The parser could not be loaded: put everything into the name, to be corrected by hand.
    fill({ ...orderIn([]), customer: inOneLine(text, ' ') });
  }
}

function givenIn(order: PastedOrder): Partial<PastedOrder> {
  return Object.fromEntries(Object.entries(order).filter(([, value]) => value !== ''));
}

interface OptionalFieldsProps {
  typed: FormText;
  /** What a field of the form is given. */
  field: (name: keyof FormText) => Omit<ComponentProps<typeof Field>, 'label'>;
}

/** What most orders do without. Folded up, it says whether something stands in it. */
function OptionalFields({ typed, field }: OptionalFieldsProps) {
  const { form } = words();
  const given = optional.filter((name) => typed[name] !== '').length;
  return (
    <details className={styles['more']}>
      <summary>
        {form.more}
        {given > 0 && <span data-num> · {form.given(given)}</span>}
      </summary>
      <div className={styles['form']}>
        <Field label={form.due} type="datetime-local" {...field('due')} />
        <Field label={form.phone} type="tel" {...field('phone')} />
        <Field label={form.note} {...field('note')} />
      </div>
    </details>
  );
}

function orderOf({ customer, address, due, phone, note }: FormText): NewOrderParts {
  const parts = {
    dueAt: momentOf(due),
    phone: cleanText(phone) || undefined,
    note: cleanText(note) || undefined,
  };
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  // What was dropped or filled in by a program may still have tabs.
  return {
    customer: cleanText(inOneLine(customer, ' ')),
    address: cleanText(inOneLine(address, ', ')),
    ...Object.fromEntries(given),
  };
}

function problemsOf(typed: FormText, now: number): Problems {
  const { form } = words();
  const problems: Problems = {};
  for (const [name, text] of Object.entries(typed) as [keyof FormText, string][]) {
    if (text.trim().length > limits.stringLength) {
      problems[name] = shared().tooLong(limits.stringLength);
    }
  }
  if (!isVisible(typed.customer)) problems.customer = form.noCustomer;
  if (!isVisible(typed.address)) problems.address = form.noAddress;
  const due = momentOf(typed.due);
  if (due === undefined && typed.due !== '') problems.due = form.noMoment;
  if (due !== undefined && Date.parse(due) <= now) problems.due = form.past;
  return problems;
}
