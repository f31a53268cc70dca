import type { ReactNode } from 'react';
import { placeOf } from '../../../protocol/coordinates.ts';
import type { Order } from '../../../protocol/orders.ts';
import { Button } from '../../ui/button.tsx';
import { driver } from '../../words/driver.ts';
import styles from './address-tools.module.css';
import type { LoadedProofs } from './load-proofs.ts';
import { OrderLabel } from './order-label.tsx';
import { telLink } from './tel-link.ts';

interface AddressToolsProps {
  order: Order;
  /** The way back leads to the shop, not to the order's address. */
  isGoingBack: boolean;
  notes: number;
  showsNotes: boolean;
  onNotes: () => void;
  /** The code that copies. */
  proofs: LoadedProofs;
  /** Announces a sentence to screen readers. */
  onSay: (sentence: string) => void;
}

/** Tools for an address. */
export function AddressTools({
  order,
  isGoingBack,
  proofs,
  notes,
  showsNotes,
  onNotes,
  onSay,
}: AddressToolsProps) {
  const words = driver();
  const about = <OrderLabel id={order.orderID} />;
  return (
    <div className={styles['tools']}>
      {!isGoingBack && <MapsLink to={order} about={about} />}
      <CallLink phone={order.phone} about={about} />
      <Button look="quiet" className={styles['tool']} aria-expanded={showsNotes} onClick={onNotes}>
        {notes === 0 ? words.notes.title : words.notes.counted(notes)}
        {about}
      </Button>
      {/* Last, as it comes later than the others. */}
      {!isGoingBack && isSecureContext && typeof proofs === 'object' && (
        <proofs.CopyButton text={order.address} about={about} onSay={onSay} />
      )}
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
      {address !== undefined && <MapsLink to={{ address }} about={about} />}
      <CallLink phone={phone} about={about} />
    </div>
  );
}

interface LinkProps {
  about: ReactNode;
}

function MapsLink({ to, about }: LinkProps & { to: Destination }) {
  return (
    <a className={styles['tool']} href={mapsLink(to)} target="_blank" rel="noreferrer">
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

type Destination = Pick<Order, 'address' | 'latitude' | 'longitude'>;

/** A link to the device's own maps app, else to a map in the browser. Coordinates say it better than the address. */
function mapsLink(to: Destination): string {
  const place = placeOf(to);
  const query = encodeURIComponent(place ? `${place.latitude},${place.longitude}` : to.address);
  if (/Android/.test(navigator.userAgent)) return `geo:0,0?q=${query}`;
  if (/iPhone|iPad|Macintosh/.test(navigator.userAgent)) return `https://maps.apple.com/?q=${query}`;
  return `https://www.openstreetmap.org/search?query=${query}`;
}
