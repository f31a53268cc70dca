import { type FormEvent, useRef, useState } from 'react';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Sample } from './samples.ts';
import type { Shop } from './shop.ts';
import styles from './vendor-page.module.css';

const nothing: Sample = { customer: '', address: '' };

/** The form; the simulator never touches what is typed here. */
export function NewOrder({ shop }: { shop: Shop }) {
  const [order, setOrder] = useState(nothing);
  const [asked, setAsked] = useState(false);
  const [sampleFailed, setSampleFailed] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const customerProblem = problemOf(order.customer, 'Enter who gets it.');
  const addressProblem = problemOf(order.address, 'Enter where it goes.');

  function focus(name: keyof Sample): void {
    form.current?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (customerProblem !== undefined || addressProblem !== undefined) {
      setAsked(true);
      focus(customerProblem === undefined ? 'address' : 'customer');
      return;
    }
    shop.send({ customer: order.customer.trim(), address: order.address.trim() });
    setOrder(nothing);
    setAsked(false);
    focus('customer');
  }

  async function fill(): Promise<void> {
    try {
      setOrder(await shop.sample());
      setSampleFailed(false);
    } catch {
      setSampleFailed(true);
    }
  }

  return (
    <Panel title="New order">
      <form ref={form} className={styles['form']} onSubmit={submit} noValidate aria-label="New order">
        <Field
          label="Customer"
          name="customer"
          autoComplete="off"
          required
          value={order.customer}
          onChange={(customer) => setOrder({ ...order, customer })}
          error={asked ? customerProblem : undefined}
        />
        <Field
          label="Address"
          name="address"
          autoComplete="off"
          required
          value={order.address}
          onChange={(address) => setOrder({ ...order, address })}
          error={asked ? addressProblem : undefined}
        />
        <div className={styles['formActions']}>
          <Button type="submit" look="main">
            Send order
          </Button>
          <Button look="quiet" onClick={() => void fill()}>
            Fill with sample
          </Button>
        </div>
        {sampleFailed && <p className={styles['problem']}>The sample could not be loaded. Try again.</p>}
      </form>
    </Panel>
  );
}

function problemOf(text: string, whenEmpty: string): string | undefined {
  const { length } = text.trim();
  if (length === 0) return whenEmpty;
  return length > limits.stringLength ? `Use at most ${limits.stringLength} characters.` : undefined;
}
