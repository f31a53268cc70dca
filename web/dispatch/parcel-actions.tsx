import { type FormEvent, useId, useState } from 'react';
import { isCorrectable, isFinished, isHeld, keepsStatus } from '../../protocol/events.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { ParcelLife } from '../../protocol/rest.ts';
import { cleanText } from '../app/clean-text.ts';
import { useStore } from '../app/hooks.ts';
import { eventWord } from '../app/life-words.ts';
import { Button } from '../ui/button.tsx';
import type { Words } from '../words/en/log-actions.ts';
import { logWords } from '../words/log.ts';
import { actionsWords } from '../words/log-actions.ts';
import { ChangeOrder } from './change-order.tsx';
import { isKnownDriver } from './known-drivers.ts';
import styles from './parcel-actions.module.css';
import type { ParcelDesk } from './parcel-desk.ts';
import { type Action, type Actions, takeBack } from './parcel-outcome.tsx';
import { ParcelSteps } from './parcel-steps.tsx';
import { messageOf } from './parcel-watch.ts';

interface ParcelActionsProps extends Actions {
  desk: ParcelDesk;
  life: ParcelLife;
}

/** Dispatch's actions on a parcel. None asks "are you sure?": actions that can be undone offer that. */
export function ParcelActions({ desk, life, act, amend, outcome }: ParcelActionsProps) {
  const { parcel } = life;
  const words = actionsWords();
  const change = correctable(life.records);
  return (
    <section className={styles['actions']} aria-label={words.label}>
      {parcel.status === 'ready' && (
        <Driver
          desk={desk}
          words={words.assign}
          onDriver={(driver) => act(claimFor(driver), words.assign.done)}
        />
      )}
      {isHeld(parcel.status) && (
        <Driver
          desk={desk}
          words={words.reassign}
          onDriver={(driver) => act(reassignTo(driver), words.reassign.done)}
        />
      )}
      <ParcelSteps parcel={parcel} act={act} />
      {!isFinished(parcel.status) && <ChangeOrder parcel={parcel} amend={amend} />}
      <Write
        label={words.note.label}
        button={words.note.do}
        onText={(text) => act({ event: 'note', details: { text } }, words.note.done)}
      />
      {change && outcome?.kind !== 'done' && (
        <Button size="small" onClick={() => void act(takeBack(change.rev), logWords().outcome.takenBack)}>
          {words.takeBack(eventWord(logWords().life.event, change.event))}
        </Button>
      )}
      {!isFinished(parcel.status) && (
        <div className={styles['away']}>
          <Write
            label={words.cancel.label}
            button={words.cancel.do}
            look="danger"
            onText={(reason) => act({ event: 'cancelled', details: { reason } }, words.cancel.done)}
          />
        </div>
      )}
    </section>
  );
}

interface DriverProps {
  desk: ParcelDesk;
  words: Words['assign'];
  onDriver: (driver: string) => Promise<boolean>;
}

/** A field for a driver. It suggests connected drivers and asks about unknown ones. */
function Driver({ desk, words, onDriver }: DriverProps) {
  const { people } = useStore(desk.roster.connected);
  const drivers = people.filter(({ role }) => role === 'driver');
  const [doubt, setDoubt] = useState<{ driver: string; why: string }>();
  const [sent, setSent] = useState(0);
  async function onText(driver: string): Promise<boolean> {
    const why = await doubtOf(desk, driver);
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
        label={actionsWords().driver}
        button={words.do}
        options={drivers.map(({ who }) => who)}
        onEdit={() => setDoubt(undefined)}
        onText={onText}
      />
      {doubt && (
        <div className={styles['doubt']} role="alert">
          <span>{doubt.why}</span>
          <Button size="small" onClick={() => void anyway(doubt.driver)}>
            {words.anyway}
          </Button>
        </div>
      )}
    </>
  );
}

/** @returns a doubt about this driver, for a person; undefined if the driver is known */
async function doubtOf(desk: ParcelDesk, driver: string): Promise<string | undefined> {
  const words = actionsWords();
  try {
    return (await isKnownDriver(desk, driver)) ? undefined : words.unknownDriver(driver);
  } catch (error) {
    return words.doubtfulDriver(driver, messageOf(error));
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

/** A field with a button that submits it. It is cleared on success. */
function Write({ label, button, look = 'plain', options, onEdit, onText }: WriteProps) {
  const [text, setText] = useState('');
  const list = useId();
  const given = cleanText(text);
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

/** @returns the latest change, if it can be undone */
function correctable(records: readonly CapsRecord[]): CapsRecord | undefined {
  const latest = records.findLast(({ event }) => !keepsStatus(event));
  return latest && isCorrectable(latest.event) ? latest : undefined;
}
