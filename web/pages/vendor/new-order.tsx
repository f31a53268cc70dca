import { type ComponentProps, type FormEvent, useRef, useState } from 'react';
import { isSeen } from '../../../protocol/characters.ts';
import { limits } from '../../../protocol/limits.ts';
import { count } from '../../numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { momentOf } from './due-time.ts';
import type { NewOrderParts, Shop } from './shop.ts';
import styles from './vendor-page.module.css';

/** As it is typed. */
interface Typed {
  readonly customer: string;
  readonly address: string;
  readonly due: string;
  readonly phone: string;
  readonly note: string;
}

const nothing: Typed = { customer: '', address: '', due: '', phone: '', note: '' };
const optional = ['due', 'phone', 'note'] as const;

type Problems = Partial<Record<keyof Typed, string>>;

/** The form; the simulator never touches what is typed here. */
export function NewOrder({ shop }: { shop: Shop }) {
  const [typed, setTyped] = useState(nothing);
  const [problems, setProblems] = useState<Problems>({});
  const [sampleFailed, setSampleFailed] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  function type(name: keyof Typed, text: string): void {
    const next = { ...typed, [name]: text };
    setTyped(next);
    // What was found wrong is looked at with every key, until it is right.
    if (problems[name] !== undefined)
      setProblems({ ...problems, [name]: problemsOf(next, Date.now())[name] });
  }

  function focus(name: keyof Typed): void {
    form.current?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = problemsOf(typed, Date.now());
    setProblems(found);
    const first = (Object.keys(nothing) as (keyof Typed)[]).find((name) => found[name] !== undefined);
    if (first !== undefined) {
      const more = form.current?.querySelector('details');
      if (more && first !== 'customer' && first !== 'address') more.open = true;
      focus(first);
      return;
    }
    shop.send(orderOf(typed));
    setTyped(nothing);
    focus('customer');
  }

  async function fill(): Promise<void> {
    try {
      setTyped({ ...typed, ...(await shop.sample()) });
      setProblems({});
      setSampleFailed(false);
    } catch {
      setSampleFailed(true);
    }
  }

  const field = (name: keyof Typed) => ({
    name,
    autoComplete: 'off',
    value: typed[name],
    onChange: (text: string) => type(name, text),
    error: problems[name],
  });
  return (
    <Panel title="New order">
      <form ref={form} className={styles['form']} onSubmit={submit} noValidate aria-label="New order">
        <Field label="Customer" required {...field('customer')} />
        <Field label="Address" required {...field('address')} />
        <OptionalFields typed={typed} field={field} />
        <div className={styles['formActions']}>
          <Button type="submit" look="main">
            Send order
          </Button>
          <Button onClick={() => void fill()}>Fill with sample</Button>
        </div>
        {sampleFailed && <p className={styles['problem']}>The sample could not be loaded. Try again.</p>}
      </form>
    </Panel>
  );
}

interface OptionalFieldsProps {
  typed: Typed;
  /** What a field of the form is given. */
  field: (name: keyof Typed) => Omit<ComponentProps<typeof Field>, 'label'>;
}

/** What most orders do without. Folded up, it says whether something stands in it. */
function OptionalFields({ typed, field }: OptionalFieldsProps) {
  const given = optional.filter((name) => typed[name] !== '').length;
  return (
    <details className={styles['more']}>
      <summary>Due time, phone, note{given > 0 && <span data-num> · {count(given)} given</span>}</summary>
      <div className={styles['form']}>
        <Field label="Due (optional)" type="datetime-local" {...field('due')} />
        <Field label="Phone (optional)" type="tel" {...field('phone')} />
        <Field label="Note to the driver (optional)" {...field('note')} />
      </div>
    </details>
  );
}

function orderOf({ customer, address, due, phone, note }: Typed): NewOrderParts {
  const parts = { dueAt: momentOf(due), phone: phone.trim() || undefined, note: note.trim() || undefined };
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  return { customer: customer.trim(), address: address.trim(), ...Object.fromEntries(given) };
}

function problemsOf(typed: Typed, now: number): Problems {
  const problems: Problems = {};
  for (const [name, text] of Object.entries(typed) as [keyof Typed, string][]) {
    if (text.trim().length > limits.stringLength) {
      problems[name] = `Use at most ${count(limits.stringLength)} characters.`;
    }
  }
  if (!isSeen(typed.customer)) problems.customer = 'Enter who gets it.';
  if (!isSeen(typed.address)) problems.address = 'Enter where it goes.';
  const due = momentOf(typed.due);
  if (due === undefined && typed.due !== '') problems.due = 'Enter a day and a time.';
  if (due !== undefined && Date.parse(due) <= now) problems.due = 'Choose a time that is still to come.';
  return problems;
}
