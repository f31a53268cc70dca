import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { driver } from '../../words/driver.ts';
import styles from './address-tools.module.css';
import { OrderLabel } from './order-label.tsx';

interface AddressToolsProps {
  orderID: string;
  /** The address to go to, if known. */
  address: string | undefined;
  phone: string | undefined;
  notes: number;
  showsNotes: boolean;
  onNotes: () => void;
  /** Announces a sentence to screen readers. */
  onSay: (sentence: string) => void;
}

/** Tools for an address. Browsers allow copying on secure pages only. */
export function AddressTools({
  orderID,
  address,
  phone,
  notes,
  showsNotes,
  onNotes,
  onSay,
}: AddressToolsProps) {
  const words = driver();
  const about = <OrderLabel id={orderID} />;
  return (
    <div className={styles['tools']}>
      {address !== undefined && (
        <a className={styles['tool']} href={mapsLink(address)} target="_blank" rel="noreferrer">
          {words.tools.maps}
          {about}
        </a>
      )}
      {address !== undefined && isSecureContext && <CopyButton text={address} about={about} onSay={onSay} />}
      {phone !== undefined && (
        <a className={styles['tool']} href={`tel:${phone.replace(/[^+\d]/g, '')}`}>
          {words.tools.call}
          {about}
        </a>
      )}
      <Button look="quiet" className={styles['tool']} aria-expanded={showsNotes} onClick={onNotes}>
        {notes === 0 ? words.notes.title : words.notes.counted(notes)}
        {about}
      </Button>
    </div>
  );
}

interface CopyButtonProps {
  text: string;
  about: ReactNode;
  onSay: (sentence: string) => void;
}

function CopyButton({ text, about, onSay }: CopyButtonProps) {
  const words = driver().tools;
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

/** A link to the device's own maps app, else to a map in the browser. */
function mapsLink(address: string): string {
  const query = encodeURIComponent(address);
  if (/Android/.test(navigator.userAgent)) return `geo:0,0?q=${query}`;
  if (/iPhone|iPad|Macintosh/.test(navigator.userAgent)) return `https://maps.apple.com/?q=${query}`;
  return `https://www.openstreetmap.org/search?query=${query}`;
}
