import { type FormEvent, useState } from 'react';
import { isCorrectable, isFinished, isHeld, isRemark } from '../../../protocol/events.ts';
import type { Answer, CapsRecord, Command, ParcelKey } from '../../../protocol/messages.ts';
import type { ParcelLife } from '../../../protocol/rest.ts';
import { useStore } from '../../app/hooks.ts';
import { written } from '../../app/written.ts';
import { Button } from '../../ui/button.tsx';
import { isKnownDriver } from './known-drivers.ts';
import type { LogStore } from './log-store.ts';
import styles from './parcel-actions.module.css';
import { messageOf } from './parcel-watch.ts';
import { eventWord } from './words.ts';

type Action = Pick<Command, 'event' | 'details'>;

const takenBack = 'Taken back';

/** What became of the latest action. */
type Outcome =
  | { readonly kind: 'pending'; readonly word: string }
  | { readonly kind: 'done'; readonly word: string; readonly undo: Action | undefined }
  | { readonly kind: 'refused'; readonly why: string; readonly retry: (() => void) | undefined };

type Act = (action: Action, word: string) => Promise<boolean>;

/** Sends what dispatch does with this parcel, and keeps what became of the latest. */
export function useActions(store: LogStore, parcel: ParcelKey): { act: Act; outcome: Outcome | undefined } {
  const [latest, setLatest] = useState<{ name: string; outcome: Outcome }>();
  const payload = { store: parcel.store, orderID: parcel.orderID };
  const name = JSON.stringify(payload);

  async function act(action: Action, word: string): Promise<boolean> {
    setLatest({ name, outcome: { kind: 'pending', word } });
    const command = { ...action, payload } as Parameters<typeof store.live.client.command>[0];
    const answer = await store.live.client.command(command);
    setLatest({ name, outcome: outcomeOf(answer, action, word, () => void act(action, word)) });
    return answer.ok;
  }
  // Another parcel may be shown by then.
  return { act, outcome: latest?.name === name ? latest.outcome : undefined };
}

interface ParcelActionsProps {
  store: LogStore;
  life: ParcelLife;
  act: Act;
  outcome: Outcome | undefined;
}

/** What dispatch can do with a parcel. Nothing asks "are you sure?": what can be undone, offers to. */
export function ParcelActions({ store, life, act, outcome }: ParcelActionsProps) {
  const { parcel } = life;
  const change = correctable(life.records);
  return (
    <section className={styles['actions']} aria-label="Actions">
      {parcel.status === 'ready' && (
        <Driver store={store} word="Assign" onDriver={(driver) => act(claimFor(driver), 'Assigned')} />
      )}
      {isHeld(parcel.status) && (
        <Driver store={store} word="Reassign" onDriver={(driver) => act(reassignTo(driver), 'Reassigned')} />
      )}
      <Write
        label="Note"
        button="Send note"
        onText={(text) => act({ event: 'note', details: { text } }, 'Note sent')}
      />
      {change && outcome?.kind !== 'done' && (
        <Button size="small" onClick={() => void act(takeBack(change.rev), takenBack)}>
          Take back “{eventWord(change.event)}”
        </Button>
      )}
      {!isFinished(parcel.status) && (
        <div className={styles['away']}>
          <Write
            label="Reason to cancel"
            button="Cancel parcel"
            look="danger"
            onText={(reason) => act({ event: 'cancelled', details: { reason } }, 'Cancelled')}
          />
        </div>
      )}
    </section>
  );
}

function outcomeOf(answer: Answer, { event }: Action, word: string, again: () => void): Outcome {
  if (!answer.ok) {
    const { message, retryable } = answer.error;
    return { kind: 'refused', why: message, retry: retryable ? again : undefined };
  }
  return { kind: 'done', word, undo: isCorrectable(event) ? takeBack(answer.rev) : undefined };
}

/** At the foot of the panel, where it stays while the parcel's life grows: who reaches for it, hits it. */
export function OutcomeLine({ outcome, act }: Pick<ParcelActionsProps, 'outcome' | 'act'>) {
  const undo = outcome?.kind === 'done' ? outcome.undo : undefined;
  const retry = outcome?.kind === 'refused' ? outcome.retry : undefined;
  return (
    <div className={styles['outcome']} role="status" data-kind={outcome?.kind}>
      {outcome?.kind === 'pending' && <span>Sending…</span>}
      {outcome?.kind === 'done' && <span>{outcome.word}.</span>}
      {outcome?.kind === 'refused' && <span>{outcome.why}</span>}
      {undo && (
        <Button size="small" onClick={() => void act(undo, takenBack)}>
          Undo
        </Button>
      )}
      {retry && (
        <Button size="small" onClick={retry}>
          Retry
        </Button>
      )}
    </div>
  );
}

interface DriverProps {
  store: LogStore;
  word: 'Assign' | 'Reassign';
  onDriver: (driver: string) => Promise<boolean>;
}

/** Any driver; those who are connected are offered, and one whom nobody knows is asked about. */
function Driver({ store, word, onDriver }: DriverProps) {
  const { people } = useStore(store.crowd.here);
  const drivers = people.filter(({ role }) => role === 'driver');
  const [doubt, setDoubt] = useState<{ driver: string; why: string }>();
  const [sent, setSent] = useState(0);
  async function onText(driver: string): Promise<boolean> {
    const why = await doubtOf(store, driver);
    setDoubt(why === undefined ? undefined : { driver, why });
    return why === undefined && onDriver(driver);
  }
  async function anyway(driver: string): Promise<void> {
    setDoubt(undefined);
    if (await onDriver(driver)) setSent(sent + 1);
  }
  return (
    <>
      <Write
        key={sent}
        label="Driver"
        button={word}
        options={drivers.map(({ who }) => who)}
        onEdit={() => setDoubt(undefined)}
        onText={onText}
      />
      {doubt && (
        <div className={styles['doubt']} role="alert">
          <span>{doubt.why}</span>
          <Button size="small" onClick={() => void anyway(doubt.driver)}>
            {word} anyway
          </Button>
        </div>
      )}
    </>
  );
}

/** @returns why a parcel should perhaps not be given to this driver, in words */
async function doubtOf(store: LogStore, driver: string): Promise<string | undefined> {
  try {
    return (await isKnownDriver(store, driver)) ? undefined : `Nobody called ${driver} has been here.`;
  } catch (error) {
    return `Whether ${driver} has been here is not known. ${messageOf(error)}`;
  }
}

interface WriteProps {
  label: string;
  button: string;
  look?: 'plain' | 'danger';
  options?: readonly string[];
  onEdit?: () => void;
  onText: (text: string) => Promise<boolean>;
}

/** A field and what is done with what is in it. It is emptied once that has happened. */
function Write({ label, button, look = 'plain', options, onEdit, onText }: WriteProps) {
  const [text, setText] = useState('');
  const list = `${button.replace(' ', '-')}-options`;
  const given = written(text);
  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (given !== '' && (await onText(given))) setText('');
  }
  return (
    <form className={styles['write']} onSubmit={(event) => void send(event)}>
      <input
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        maxLength={options ? 128 : 1_024}
        required
        value={text}
        list={options ? list : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onEdit?.();
        }}
      />
      {options && (
        <datalist id={list}>
          {[...new Set(options)].map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
      <Button type="submit" size="small" look={look}>
        {button}
      </Button>
    </form>
  );
}

function claimFor(driver: string): Action {
  return { event: 'claimed', details: { driver } };
}

function reassignTo(driver: string): Action {
  return { event: 'reassigned', details: { driver } };
}

function takeBack(rev: number): Action {
  return { event: 'corrected', details: { rev } };
}

/** The latest change, where it is one that may be taken back. */
function correctable(records: readonly CapsRecord[]): CapsRecord | undefined {
  const latest = records.findLast(({ event }) => !isRemark(event));
  return latest && isCorrectable(latest.event) ? latest : undefined;
}
