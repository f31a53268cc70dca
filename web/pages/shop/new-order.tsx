import { type FormEvent, type Ref, useImperativeHandle, useState } from 'react';
import type { Order } from '../../../protocol/orders.ts';
import { useSelect } from '../../app/hooks.ts';
import { asTable, inOneLine, orderIn, type PastedOrder } from '../../app/pasted-text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { FurtherFields, type OrderForm, useOrderForm } from '../../ui/order-form.tsx';
import { emptyText, type OrderText, orderOf, orderTextFields, textOf } from '../../ui/order-text.ts';
import { Panel } from '../../ui/panel.tsx';
import { orderForm } from '../../words/order-form.ts';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { loadRepeats } from './repeats-loader.ts';
import type { Shop } from './shop.ts';
import styles from './shop-page.module.css';

const optional = ['notBefore', 'dueAt', 'phone', 'email', 'note'] as const;

export interface NewOrderHandle {
  /** Fills the form with what another order says, but for its times. */
  copy(order: Order): void;
}

interface NewOrderProps {
  shop: Shop;
  /** Offers to fill it with a made-up order. */
  hasSamples: boolean;
  ref: Ref<NewOrderHandle>;
}

/** The form; the simulator never touches what is typed here. */
export function NewOrder({ shop, hasSamples, ref }: NewOrderProps) {
  // Its zone is known later than the form is shown.
  const { hours } = useSelect(shop.state, (state) => state.profile);
  const order = useOrderForm(
    undefined,
    (cells) => void fillFrom(shop, cells, (pasted) => order.fill(givenIn(pasted))),
    shop.profile.zone,
  );
  const { typed, fill, field } = order;
  const [sampleFailed, setSampleFailed] = useState(false);
  const [isRepeating, setRepeating] = useState(false);
  /** What the copy of an order has replaced. */
  const [replaced, setReplaced] = useState<OrderText>();
  useImperativeHandle(ref, () => ({
    copy: (other) => {
      setReplaced(isEmpty(typed) ? undefined : typed);
      fill({ ...textOf(other), notBefore: '', dueAt: '' });
      order.form.current?.scrollIntoView({ block: 'nearest' });
      order.focus('customer');
    },
  }));

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!order.check()) return;
    shop.drafts.send(orderOf(typed, order.zone));
    fill(emptyText);
    setReplaced(undefined);
    order.focus('customer');
  }

  async function fillWithSample(): Promise<void> {
    try {
      fill(await shop.samples.next());
      setSampleFailed(false);
    } catch {
      setSampleFailed(true);
    }
  }

  const { form } = words();
  return (
    <Panel title={form.title}>
      <form ref={order.form} className={styles['form']} onSubmit={submit} noValidate aria-label={form.title}>
        <Field label={shared().customer} required {...field('customer')} />
        <Field label={orderForm().address} required {...field('address')} />
        <OptionalFields order={order} hours={hours} onRepeat={() => setRepeating(true)} />
        <FormButtons onSample={hasSamples ? () => void fillWithSample() : undefined} />
        {replaced && (
          <ReplacedNote
            onPutBack={() => {
              fill(replaced);
              setReplaced(undefined);
              order.focus('customer');
            }}
          />
        )}
        {sampleFailed && <p className={styles['problem']}>{form.sampleMissing}</p>}
      </form>
      {/* Not within the form: it has one of its own. */}
      {isRepeating && (
        <OnDemand
          load={loadRepeats}
          props={{ ...repeatOf(order, shop), onClose: () => setRepeating(false) }}
        />
      )}
    </Panel>
  );
}

/** @param onSample absent where samples are not offered */
function FormButtons({ onSample }: { onSample: (() => void) | undefined }) {
  const { form } = words();
  return (
    <div className={styles['formActions']}>
      <Button type="submit" look="main">
        {form.send}
      </Button>
      {onSample && <Button onClick={onSample}>{form.sample}</Button>}
    </div>
  );
}

function ReplacedNote({ onPutBack }: { onPutBack: () => void }) {
  const { form } = words();
  return (
    <p className={styles['formActions']}>
      {form.replaced}
      <Button size="small" onClick={onPutBack}>
        {form.putBack}
      </Button>
    </p>
  );
}

/** What is typed, as an order that repeats; the form is empty once it does. */
function repeatOf({ typed, fill }: OrderForm, { store, profile: { zone } }: Shop) {
  const { notBefore: _, dueAt: __, ...order } = orderOf(typed);
  const { notBefore, dueAt } = typed;
  const day = (notBefore || dueAt).slice(0, 10);
  const times = { day, start: notBefore.slice(11, 16), end: dueAt.slice(11, 16) };
  return { store, zone, order, times, onSaved: () => fill(emptyText) };
}

function isEmpty(typed: OrderText): boolean {
  return orderTextFields.every((name) => typed[name] === '');
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

/** What most orders do without. Folded up, it says whether something stands in it. */
function OptionalFields({
  order,
  hours,
  onRepeat,
}: {
  order: OrderForm;
  hours: string | undefined;
  onRepeat: () => void;
}) {
  const { form } = words();
  const given = optional.filter((name) => order.typed[name] !== '').length;
  return (
    <details className={styles['more']}>
      <summary>
        {form.more}
        {given > 0 && <span data-num> · {form.given(given)}</span>}
      </summary>
      <div className={styles['form']}>
        <FurtherFields form={order} hours={hours} />
        <div className={styles['formActions']}>
          <Button size="small" aria-haspopup="dialog" onClick={onRepeat}>
            {form.repeat}
          </Button>
        </div>
      </div>
    </details>
  );
}
