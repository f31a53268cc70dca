import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { amendedOrder, changesFrom } from '../../protocol/amendment.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { Amendment, AmendmentDetails, Order } from '../../protocol/orders.ts';
import { errorText } from '../app/hub-answer.ts';
import { oneLine } from '../app/lines.ts';
import { amendForm as words } from '../words/amend-form.ts';
import { orderForm } from '../words/order-form.ts';
import { shared } from '../words/shared.ts';
import styles from './amend-form.module.css';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { FurtherFields, useOrderForm } from './order-form.tsx';
import { amendmentOf, type OrderText, type OrderTextField, orderTextFields, textOf } from './order-text.ts';
import { PhraseText } from './phrase-text.tsx';

/** An order as of one of its records. */
interface KnownOrder {
  readonly payload: Order;
  readonly rev: number;
}

interface AmendFormProps {
  order: KnownOrder;
  /** Why it cannot be changed any more, for a person. */
  locked?: string | undefined;
  /** What to show while it waits for the connection. */
  waiting?: ReactNode;
  /** @returns the error if the hub refused it; `withdrawn` if it was taken back before it was sent */
  save: (details: AmendmentDetails) => Promise<WireError | 'withdrawn' | undefined>;
  onDone: () => void;
  /** What to say of an error. */
  said?: (error: WireError) => string;
  /** Of the order's times; this device's if it is not given. */
  zone?: string | undefined;
}

/**
 * Changes an order, for its shop and for dispatch. It sends what differs from the order as its writer saw it, with that
 * `rev`. What others change meanwhile appears in the fields that nobody touched here; a field that both changed is shown,
 * and its writer decides. Whatever the hub answers, nothing typed is lost.
 */
export function AmendForm({
  order: latest,
  locked,
  waiting,
  save,
  onDone,
  said = errorText,
  zone: zoneNow,
}: AmendFormProps) {
  const amend = words();
  // Another zone would make other texts of the same times, as if somebody had typed them.
  const [zone] = useState(zoneNow);
  const saving = useSaving({ order: latest, locked, save, onDone, said, zone });
  const { order, seen, clashes, isSaving, refused } = saving;
  return (
    <form
      ref={order.form}
      className={styles['form']}
      aria-label={amend.change}
      onSubmit={saving.submit}
      onKeyDown={saving.leaveUnchanged}
      noValidate
    >
      <Field label={shared().customer} required autoFocus {...order.field('customer')} />
      <Field label={orderForm().address} required {...order.field('address')} />
      <FurtherFields form={order} />
      {(locked ?? refused) !== undefined && (
        <p role="alert" className={styles['refused']}>
          {locked ?? refused}
        </p>
      )}
      {isSaving && waiting}
      {clashes.length > 0 && locked === undefined && (
        <Clashes
          names={clashes}
          theirs={textOf(seen.next, zone)}
          isUrgent={saving.isAsking}
          onMine={saving.onMine}
          onTheirs={saving.onTheirs}
        />
      )}
      <div className={styles['actions']}>
        <Button type="submit" look="main" disabled={isSaving || locked !== undefined}>
          {isSaving ? amend.saving : amend.save}
        </Button>
        <Button onClick={onDone}>{shared().name.leave}</Button>
      </div>
    </form>
  );
}

type AmendFormParts = Pick<AmendFormProps, 'order' | 'locked' | 'save' | 'onDone' | 'zone'> &
  Required<Pick<AmendFormProps, 'said'>>;

/** What is typed, and how it becomes a change of the order. */
function useSaving({ order: latest, locked, save, onDone, said, zone }: AmendFormParts) {
  const { seen, clashes, order, agree, refuse } = useSeenOrder(latest, zone);
  const [isSaving, setSaving] = useState(false);
  const [refused, setRefused] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const changesOf = (text: OrderText, since: KnownOrder) =>
    amendmentOf(textOf(since.payload, zone), text, zone);

  async function send(text: OrderText, since: KnownOrder): Promise<void> {
    const changes = changesOf(text, since);
    setAsking(false);
    if (Object.keys(changes).length === 0) return onDone();
    setSaving(true);
    setRefused(undefined);
    const error = await save({ ...changes, rev: since.rev });
    setSaving(false);
    if (!error || error === 'withdrawn') return onDone();
    if (refuse(error)) setAsking(true);
    else setRefused(said(error));
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isSaving || locked !== undefined || !order.check()) return;
    if (clashes.length > 0) setAsking(true);
    else void send(order.typed, seen);
  }

  function leaveUnchanged(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    // It would close what is around the form, and with it what is typed here.
    event.preventDefault();
    event.stopPropagation();
    if (Object.keys(changesOf(order.typed, seen)).length === 0) onDone();
  }

  const onMine = () => void send(order.typed, agree(false));
  const onTheirs = () => {
    agree(true);
    setAsking(false);
  };
  return { order, seen, clashes, isSaving, isAsking, refused, submit, leaveUnchanged, onMine, onTheirs };
}

interface ClashesProps {
  names: readonly OrderTextField[];
  /** What the order says now. */
  theirs: OrderText;
  isUrgent: boolean;
  onMine: () => void;
  onTheirs: () => void;
}

/** Fields that somebody else changed as well, with what they say now. */
function Clashes({ names, theirs, isUrgent, onMine, onTheirs }: ClashesProps) {
  const amend = words();
  return (
    <div className={styles['refused']} role={isUrgent ? 'alert' : 'status'}>
      <p>{amend.meanwhile}</p>
      {names.map((name) => (
        <p key={name}>
          <PhraseText
            phrase={amend.now<ReactNode>(
              fieldWord(name),
              <bdi className={styles['now']}>{oneLine(shownText(name, theirs)) || amend.nothing}</bdi>,
            )}
          />
        </p>
      ))}
      <div className={styles['actions']}>
        <Button size="small" onClick={onMine}>
          {amend.keepMine}
        </Button>
        <Button size="small" onClick={onTheirs}>
          {amend.takeTheirs}
        </Button>
      </div>
    </div>
  );
}

function fieldWord(name: OrderTextField): string {
  return words().field[name];
}

function shownText(name: OrderTextField, text: OrderText): string {
  return name === 'notBefore' || name === 'dueAt' ? text[name].replace('T', ' ') : text[name];
}

/**
 * The order as whoever types here has seen it. It moves on with the order while that does not touch what they typed.
 */
function useSeenOrder(latest: KnownOrder, zone: string | undefined) {
  const [base, setBase] = useState(latest);
  /** What a refusal told before the news came. */
  const [told, setTold] = useState<KnownOrder>();
  const known = told && told.rev > latest.rev ? told : latest;
  const before = textOf(base.payload, zone);
  const order = useOrderForm(before, undefined, zone);
  const now = textOf(known.payload, zone);
  const changed = orderTextFields.filter(
    (name) => changesFrom(base.payload, known.payload)[name] !== undefined,
  );
  const isTouched = (name: OrderTextField) => order.typed[name] !== before[name];
  const clashes = changed.filter((name) => isTouched(name) && order.typed[name] !== now[name]);
  const fresh = changed.filter((name) => !isTouched(name));
  const { fill } = order;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed decides when something new has come
  useEffect(() => {
    if (known.rev <= base.rev) return;
    if (fresh.length > 0) fill(Object.fromEntries(fresh.map((name) => [name, now[name]])));
    // Of the clashes, the order stays as it was seen.
    if (clashes.length === 0) setBase(known);
    else if (fresh.length > 0)
      setBase({ ...base, payload: amendedOrder(base.payload, only(fresh, base.payload, known.payload)) });
  }, [known.rev, clashes.length]);

  return {
    seen: { ...base, next: known.payload },
    clashes,
    order,
    /** Goes on from what the order says now. @param theirs with what others wrote */
    agree(theirs: boolean): KnownOrder {
      if (theirs) fill(Object.fromEntries(clashes.map((name) => [name, now[name]])));
      setBase(known);
      return known;
    },
    /** @returns whether the error says what others changed */
    refuse({ code, details }: WireError): boolean {
      const { rev, now: said } = details ?? {};
      if (code !== 'conflict' || typeof rev !== 'number') return false;
      setTold({ rev, payload: amendedOrder(base.payload, said as Amendment) });
      return true;
    },
  };
}

function only(names: readonly OrderTextField[], before: Order, after: Order): Amendment {
  const changes = changesFrom(before, after);
  return Object.fromEntries(names.map((name) => [name, changes[name]]));
}
