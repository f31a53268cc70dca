import { type FormEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { limits } from '../../../protocol/limits.ts';
import { cleanText } from '../../app/clean-text.ts';
import { TimeOfDay } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Switch } from '../../ui/switch.tsx';
import { driver } from '../../words/driver.ts';
import { proofWords } from '../../words/driver-proof.ts';
import { NoteLine } from './latest-note.tsx';
import styles from './note-thread.module.css';
import { type HeldRow, savedWords } from './session-state.ts';

interface NoteThreadProps {
  item: HeldRow;
  isUp: boolean;
  isKeeping: boolean;
  /** The field takes the focus. */
  isWriting: boolean;
  onSend: (text: string, isUrgent: boolean) => void;
}

/** The notes of a parcel and a form for a new one. */
export function NoteThread({
  item: { known, notes, pending },
  isUp,
  isKeeping,
  isWriting,
  onSend,
}: NoteThreadProps) {
  const words = proofWords().notes;
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
  useEffect(() => {
    if (isWriting) form.current?.querySelector('input')?.focus();
  }, [isWriting]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each further note moves the form down.
  useLayoutEffect(() => {
    const focused = document.activeElement;
    // Keep the field visible while the driver types.
    if (form.current?.contains(focused)) focused?.scrollIntoView({ block: 'nearest' });
  }, [count]);
  return (
    <div className={styles['thread']}>
      {count === 0 && <p className={styles['none']}>{words.none}</p>}
      <ul aria-label={driver().notes.title}>
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
