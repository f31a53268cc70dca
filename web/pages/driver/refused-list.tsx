import { useEffect, useRef } from 'react';
import { parcelName } from '../../../protocol/ids.ts';
import { eventWord } from '../../app/life-words.ts';
import { Address } from '../../ui/address.tsx';
import { TimeOfDay } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { driver } from '../../words/driver.ts';
import { shared } from '../../words/shared.ts';
import type { DriverSession } from './driver-session.ts';
import { OrderLabel } from './order-label.tsx';
import styles from './refused-list.module.css';
import type { RefusedParcel } from './session-state.ts';

interface RefusedListProps {
  session: DriverSession;
  refused: readonly RefusedParcel[];
}

/** Actions that the hub has refused, for example because somebody was faster. They stay until dismissed. */
export function RefusedList({ session, refused }: RefusedListProps) {
  const list = useRef<HTMLUListElement>(null);
  // The list appears above the visible part of the page.
  useEffect(() => {
    if (refused.length > 0) list.current?.scrollIntoView({ block: 'nearest' });
  }, [refused.length]);
  if (refused.length === 0) return null;
  return (
    <Panel title={driver().refused.title} inset="flush" className={styles['panel']}>
      <ul ref={list} className={styles['list']}>
        {refused.map((parcel) => (
          <RefusedItem key={parcelName(parcel)} session={session} parcel={parcel} />
        ))}
      </ul>
    </Panel>
  );
}

function RefusedItem({ session, parcel }: { session: DriverSession; parcel: RefusedParcel }) {
  const { store, orderID, about, actions } = parcel;
  const ids = actions.map(({ id }) => id);
  const shown = actions.filter(({ isPart }) => !isPart);
  return (
    <li className={styles['item']}>
      {about !== undefined && about !== '' && (
        <h3 className={styles['address']}>
          <Address text={about} />
        </h3>
      )}
      <p className={styles['facts']}>
        <bdi className={styles['id']}>{orderID}</bdi>
        <bdi>{store}</bdi>
      </p>
      <ul className={styles['actions']}>
        {shown.map(({ id, event, at, text, why }, place) => (
          <li key={id}>
            <p>
              <b>{eventWord(driver().event, event)}</b> <TimeOfDay at={new Date(at).toISOString()} />
            </p>
            {text !== undefined && (
              <p>
                <bdi>{text}</bdi>
              </p>
            )}
            {/* One reason for several is said once. */}
            {shown[place + 1]?.why !== why && <p className={styles['why']}>{why}</p>}
          </li>
        ))}
      </ul>
      <div className={styles['buttons']}>
        <Button onClick={() => session.commands.dismiss(ids)}>
          {driver().ok}
          <OrderLabel id={orderID} />
        </Button>
        <Button look="quiet" onClick={() => session.commands.retry(ids)}>
          {shared().tryAgain}
          <OrderLabel id={orderID} />
        </Button>
      </div>
    </li>
  );
}
