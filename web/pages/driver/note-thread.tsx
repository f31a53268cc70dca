import { type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import { limits } from '../../../protocol/limits.ts';
import { cleanText } from '../../app/clean-text.ts';
import { TimeOfDay } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Switch } from '../../ui/switch.tsx';
import { driver } from '../../words/driver.ts';
import styles from './note-thread.module.css';
import { type HeldRow, type Note, savedWords } from './session-state.ts';

interface NoteThreadProps {
  item: HeldRow;
  isUp: boolean;
  isKeeping: boolean;
  onSend: (text: string, isUrgent: boolean) => void;
}

/** The notes of a parcel and a form for a new one. */
export function NoteThread({ item: { known, notes, pending }, isUp, isKeeping, onSend }: NoteThreadProps) {
  const words = driver().notes;
  const [text, setText] = useState('');
  const [isUrgent, setIsUrgent] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const said = cleanText(text);
    if (said === '') return;
    onSend(said, isUrgent);
    setText('');
    setIsUrgent(false);
  };
  const waiting = pending.filter(({ event }) => event === 'note');
  const count = notes.length + waiting.length;
  const form = useRef<HTMLFormElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each further note moves the form down.
  useLayoutEffect(() => {
    const focused = document.activeElement;
    // Keep the field visible while the driver types.
    if (form.current?.contains(focused)) focused?.scrollIntoView({ block: 'nearest' });
  }, [count]);
  return (
    <div className={styles['thread']}>
      {count === 0 && <p className={styles['none']}>{words.none}</p>}
      <ul aria-label={words.title}>
        {notes.map((note) => (
          <li key={note.rev}>
            <NoteLine note={note} />
            <TimeOfDay at={note.at} />
          </li>
        ))}
        {waiting.map((note) => (
          <li key={note.id} data-pending="true">
            <span className={styles['text']}>
              <bdi>{note.text}</bdi>
            </span>
            <span>{isUp ? driver().sending : savedWords(note, isKeeping)}</span>
          </li>
        ))}
      </ul>
      <form ref={form} className={styles['form']} onSubmit={submit}>
        <Field
          className={styles['field']}
          label={words.new}
          value={text}
          onChange={setText}
          maxLength={limits.stringLength}
          autoComplete="off"
          enterKeyHint="send"
        />
        <Button type="submit">
          {words.send}
          <span className="visually-hidden"> {words.sendOf(known.view.payload.orderID)}</span>
        </Button>
        <div className={styles['urgent']}>
          <Switch label={words.urgent} checked={isUrgent} onChange={setIsUrgent} />
        </div>
      </form>
    </div>
  );
}

/** While the thread is closed: the latest note of others, and what became of the latest one for dispatch. */
export function LatestNote({ notes }: { notes: readonly Note[] }) {
  const latest = notes.findLast(({ from }) => from !== undefined);
  const urgent = notes.findLast(({ from, isUrgent }) => from === undefined && isUrgent === true);
  return [urgent, latest]
    .filter((note) => note !== undefined)
    .map((note) => (
      <p key={note.rev} className={styles['latest']}>
        <NoteLine note={note} />
      </p>
    ));
}

function NoteLine({ note: { from, text, isUrgent, isSeen } }: { note: Note }) {
  const words = driver().notes;
  return (
    <span className={styles['text']}>
      <b>{from ?? words.you}</b> {isUrgent && <b>({words.forDispatch}) </b>}
      <bdi>{text}</bdi>
      {isUrgent && (
        <span className={styles['seen']} data-seen={isSeen === true}>
          {isSeen ? words.seen : words.unseen}
        </span>
      )}
    </span>
  );
}
