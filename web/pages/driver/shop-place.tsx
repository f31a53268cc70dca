import type { ReactNode } from 'react';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { driver } from '../../words/driver.ts';
import { wasCollected } from './actions.ts';
import { ShopTools } from './address-tools.tsx';
import type { DriverSession } from './driver-session.ts';
import { asksForProof } from './proof-asks.ts';
import type { HeldRow } from './session-state.ts';
import styles from './shop-place.module.css';

type PlaceRow = Pick<HeldRow, 'known' | 'shop'>;

/** The name by which a shop is known, else its id. */
export function shopName({ known, shop }: PlaceRow): string {
  return shop?.name ?? known.view.payload.store;
}

/** Where a shop is and how it is reached, as far as it has said. @param children stand beside the links */
function ShopPlace({ row, children }: { row: PlaceRow; children?: ReactNode }) {
  const { address, phone, hours } = row.shop ?? {};
  return (
    <>
      {address !== undefined && (
        <p className={styles['address']}>
          <Address text={address} />
        </p>
      )}
      {hours !== undefined && (
        <p className={styles['hours']}>
          <bdi>{hours}</bdi>
        </p>
      )}
      <div className={styles['tools']}>
        <ShopTools
          about={<span className="visually-hidden"> {shopName(row)}</span>}
          address={address}
          phone={phone}
        />
        {children}
      </div>
    </>
  );
}

/** Where to collect or to return one parcel. */
export function ParcelShop({ row }: { row: HeldRow }) {
  const isToCollect = row.status === 'claimed';
  const isKnown = row.shop !== undefined && Object.keys(row.shop).length > 0;
  if (!isKnown || !(isToCollect || row.status === 'returning')) return null;
  return (
    <div className={styles['shop']}>
      {isToCollect && (
        <p className={styles['title']}>
          <PhraseText phrase={driver().stops.collectAt(<bdi>{shopName(row)}</bdi>)} />
        </p>
      )}
      <ShopPlace row={row} />
    </div>
  );
}

interface ShopGroupProps {
  session: DriverSession;
  store: string;
  /** The parcels of the group, at least two. */
  rows: readonly [HeldRow, ...HeldRow[]];
}

/** The head of what is to be collected at one shop, and the button that collects all of it. */
export function ShopGroup({ session, store, rows }: ShopGroupProps) {
  const words = driver().stops;
  const [first] = rows;
  const name = shopName(first);
  const toCollect = rows.filter(({ status }) => status === 'claimed');
  const left = toCollect.length;
  // What the shop wants to see of each parcel is done one by one.
  const isTogether = left > 1 && !toCollect.some(({ asked }) => asksForProof(asked));
  const collected = rows.filter(wasCollected).length;
  const at = <span className="visually-hidden"> {words.at(name)}</span>;
  return (
    <li className={styles['group']}>
      <h3 className={styles['title']}>
        <PhraseText phrase={words.collectAt(<bdi>{name}</bdi>)} />
      </h3>
      <ShopPlace row={first}>
        {isTogether && (
          <Button className={styles['all']} onClick={firstTap(() => session.actions.collectAll(store))}>
            {words.pickedUpAll(left)}
            {at}
          </Button>
        )}
        {left === 0 && collected > 1 && (
          <Button
            look="quiet"
            className={styles['all']}
            onClick={firstTap(() => session.actions.undoAll(store))}
          >
            {words.undoAll(collected)}
            {at}
          </Button>
        )}
      </ShopPlace>
    </li>
  );
}
