import { shared } from '../words/shared.ts';
import { Panel } from './panel.tsx';
import styles from './unknown-address-note.module.css';

interface UnknownAddressNoteProps {
  /** The hub's message: what is missing and what to set. */
  why: string;
}

/** A setting with its value, or a line for nginx's configuration: people copy these. */
const toCopy = /(CAPS_\w+(?:=[^\s,]*[^\s,.])?|proxy_set_header Host \$\w+)/;

/** Replaces a page whose address the hub does not know. */
export function UnknownAddressNote({ why }: UnknownAddressNoteProps) {
  return (
    <Panel title={shared().hub.unknownAddress} className={styles['note']}>
      <p className={styles['text']} role="alert" lang="en" dir="ltr">
        {why.split(toCopy).map((part, i) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence stay where they are
          toCopy.test(part) ? <code key={i}>{part}</code> : part,
        )}
      </p>
      <p className={styles['hint']}>{shared().hub.unknownAddressHint}</p>
    </Panel>
  );
}
