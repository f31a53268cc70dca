import { shared } from '../words/shared.ts';
import { Panel } from './panel.tsx';
import styles from './unknown-address-note.module.css';

interface UnknownAddressNoteProps {
  /** The hub's words: what is missing, and what to set. */
  why: string;
}

/** A setting with its value, or the line of nginx's that helps: they are copied as they stand. */
const toCopy = /(CAPS_\w+(?:=[^\s,]*[^\s,.])?|proxy_set_header Host \$\w+)/;

/** In the place of a page whose hub does not know the page's address. */
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
