import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { proofWords } from '../../words/driver-proof.ts';
import styles from './address-tools.module.css';

interface CopyButtonProps {
  text: string;
  about: ReactNode;
  onSay: (sentence: string) => void;
}

/** Browsers allow copying on secure pages only. */
export function CopyButton({ text, about, onSay }: CopyButtonProps) {
  const words = proofWords().copy;
  const [outcome, setOutcome] = useState<'copied' | 'notCopied'>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
      onSay(words.addressCopied);
    } catch {
      // NotAllowedError: the user or the browser has denied it.
      setOutcome('notCopied');
      onSay(words.addressNotCopied);
    }
    setTimeout(() => setOutcome(undefined), 2_000);
  };
  return (
    <Button look="quiet" className={styles['tool']} onClick={() => void copy()}>
      {words[outcome ?? 'copy']}
      {about}
    </Button>
  );
}
