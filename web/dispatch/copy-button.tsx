import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { logWords } from '../words/log.ts';
import styles from './copy-button.module.css';

interface CopyButtonProps {
  label: string;
  /** Called when the button is pressed. */
  text: () => string;
}

const doneMs = 2_000;

/**
 * Copies a text. On plain http, pages cannot write to the clipboard, so the text is shown selected in a field.
 */
export function CopyButton({ label, text }: CopyButtonProps) {
  const [isDone, setDone] = useState(false);
  const [shown, setShown] = useState<string>();
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), doneMs);
    return () => clearTimeout(timer);
  }, [isDone]);

  async function copy(): Promise<void> {
    const copied = text();
    try {
      await navigator.clipboard.writeText(copied);
      setShown(undefined);
      setDone(true);
    } catch {
      // Plain http has no clipboard, and browsers may refuse it.
      setShown(copied);
    }
  }

  return (
    <>
      <Button size="small" onClick={() => void copy()}>
        {isDone ? logWords().copy.done : label}
      </Button>
      {shown !== undefined && <Selectable label={label} text={shown} />}
    </>
  );
}

function Selectable({ label, text }: { label: string; text: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is to be selected anew
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [text]);
  return (
    <label className={styles['field']}>
      <span>{logWords().copy.byHand(label)}</span>
      <textarea ref={field} readOnly rows={text.includes('\n') ? 6 : 2} value={text} />
    </label>
  );
}
