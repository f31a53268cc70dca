import { memo } from 'react';
import { count } from '../../numbers.ts';
import { keyText } from '../../parcels.ts';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import styles from './offer-list.module.css';
import type { Shift } from './shift.ts';
import type { Offer, ShiftState } from './shift-state.ts';

interface OfferListProps {
  shift: Shift;
  state: ShiftState;
  /** Claiming needs the network: only the hub knows who was first. */
  isUp: boolean;
}

/** The parcels that wait for a driver, oldest first. */
export function OfferList({ shift, state, isUp }: OfferListProps) {
  const { offers, moreOffers, onDuty } = state;
  const total = offers.filter(({ state }) => state !== 'lost').length + moreOffers;
  return (
    <Panel
      title="Offers"
      inset="flush"
      className={styles['panel']}
      aside={
        onDuty &&
        total > 0 && (
          <span className={styles['total']} data-num>
            {count(total)}
          </span>
        )
      }
    >
      {!onDuty ? (
        <Empty title="You are off duty.">
          <p>The offers wait for whoever is on duty.</p>
          <Button onClick={() => shift.setDuty(true)}>Go on duty</Button>
        </Empty>
      ) : offers.length === 0 ? (
        <Empty title="No offers.">
          <p>You are on duty; a new offer appears here by itself.</p>
        </Empty>
      ) : (
        <ul className={styles['list']}>
          {offers.map((offer, i) => (
            <OfferRow
              key={keyText(offer.known.view.payload)}
              {...offer}
              shift={shift}
              isUp={isUp}
              hasNext={offer.state === 'lost' && offers.slice(i + 1).some(({ state }) => state === 'open')}
            />
          ))}
        </ul>
      )}
      {onDuty && moreOffers > 0 && (
        <p className={styles['more']}>{count(moreOffers)} more wait behind these.</p>
      )}
    </Panel>
  );
}

interface OfferRowProps extends Offer {
  shift: Shift;
  isUp: boolean;
  hasNext: boolean;
}

const OfferRow = memo(function OfferRow({ shift, known, state, text, isUp, hasNext }: OfferRowProps) {
  const { payload, createdAt } = known.view;
  if (state === 'lost') {
    return (
      <li className={styles['row']} data-state={state}>
        <p className={styles['lost']}>
          {text} {hasNext && 'Next offer below.'}
        </p>
        <p className={styles['facts']}>
          <span className={styles['id']}>{payload.orderID}</span>
        </p>
      </li>
    );
  }
  return (
    <li className={styles['row']} data-state={state}>
      <div className={styles['text']}>
        <h3 className={styles['address']}>
          <bdi>{payload.address}</bdi>
        </h3>
        <p className={styles['customer']}>
          <bdi>{payload.customer}</bdi>
        </p>
        <p className={styles['facts']}>
          <span className={styles['id']}>{payload.orderID}</span>
          <span>{payload.store}</span>
          <Age since={createdAt} />
        </p>
      </div>
      <Button
        className={styles['claim']}
        disabled={!isUp || state === 'claiming'}
        onClick={() => shift.claim(known)}
      >
        Claim
      </Button>
    </li>
  );
});
