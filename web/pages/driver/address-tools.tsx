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
      <MapsLink address={address} about={about} />
      {address !== undefined && isSecureContext && <CopyButton text={address} about={about} onSay={onSay} />}
      <CallLink phone={phone} about={about} />
      <Button look="quiet" className={styles['tool']} aria-expanded={showsNotes} onClick={onNotes}>
        {notes === 0 ? words.notes.title : words.notes.counted(notes)}
        {about}
      </Button>
    </div>
  );
}

interface ShopToolsProps {
  /** Names the shop behind each link's word. */
  about: ReactNode;
  address: string | undefined;
  phone: string | undefined;
}

/** How to get to a shop, and to call it. */
export function ShopTools({ about, address, phone }: ShopToolsProps) {
  if (address === undefined && phone === undefined) return null;
  return (
    <div className={styles['tools']}>
      <MapsLink address={address} about={about} />
      <CallLink phone={phone} about={about} />
    </div>
  );
}

interface LinkProps {
  about: ReactNode;
}

function MapsLink({ address, about }: LinkProps & { address: string | undefined }) {
  if (address === undefined) return null;
  return (
    <a className={styles['tool']} href={mapsLink(address)} target="_blank" rel="noreferrer">
      {driver().tools.maps}
      {about}
    </a>
  );
}

function CallLink({ phone, about }: LinkProps & { phone: string | undefined }) {
  if (phone === undefined) return null;
  return (
    <a className={styles['tool']} href={telLink(phone)}>
      {driver().tools.call}
      {about}
    </a>
  );
}

/** A link that calls this number, however it was written. */
export function telLink(phone: string): string {
  return `tel:${phone.replace(/[^+\d]/g, '')}`;
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
