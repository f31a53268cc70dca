import { memo } from 'react';
import { useStore } from '../../hooks.ts';
import { oneLine } from '../../lines.ts';
import { count } from '../../numbers.ts';
import { keyText } from '../../parcels.ts';
import { Address } from '../../ui/address.tsx';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Due } from '../../ui/due.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { hasSteps } from './next-steps.tsx';
import { OfOrder } from './of-order.tsx';
import styles from './offer-list.module.css';
import type { Shift } from './shift.ts';
import type { Offer, ShiftState } from './shift-state.ts';

interface OfferListProps {
  shift: Shift;
  state: ShiftState;
  /** Claiming needs the network: only the hub knows who was first. */
  isUp: boolean;
  /** The network has been away for longer than a hiccup. */
  isAway: boolean;
}

/** The parcels that wait for a driver, what is due first ahead. */
export function OfferList({ shift, state, isUp, isAway }: OfferListProps) {
  const { offers, moreOffers, onDuty, inHand } = state;
  const rings = useStore(shift.bell);
  // With nothing else to do, the first offer is the job.
  const job = inHand.some(({ status }) => hasSteps(status))
    ? undefined
    : offers.find(({ state }) => state !== 'lost');
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
          <Button look="main" size="big" onClick={() => shift.setDuty(true)}>
            Go on duty
          </Button>
        </Empty>
      ) : offers.length === 0 ? (
        <Empty title="No offers.">
          <p>
            {rings
              ? 'You are on duty; this page will ring.'
              : 'You are on duty; a new offer appears here by itself.'}
          </p>
        </Empty>
      ) : (
        <ul className={styles['list']}>
          {offers.map((offer, i) => (
            <OfferRow
              key={keyText(offer.known.view.payload)}
              {...offer}
              shift={shift}
              isUp={isUp}
              isAway={isAway}
              isJob={offer === job}
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
  isAway: boolean;
  /** The one that is shown biggest. */
  isJob: boolean;
  hasNext: boolean;
}

const OfferRow = memo(function OfferRow(props: OfferRowProps) {
  const { shift, known, state, text, isUp, isAway, isJob, hasNext } = props;
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
    <li className={styles['row']} data-state={state} data-job={isJob}>
      <div className={styles['text']}>
        <h3 className={styles['address']}>
          <Address text={payload.address} />
        </h3>
        <p className={styles['customer']}>
          <bdi>{oneLine(payload.customer)}</bdi>
        </p>
        <p className={styles['facts']}>
          {payload.dueAt !== undefined && <Due view={known.view} at={payload.dueAt} />}
          <span className={styles['id']}>{payload.orderID}</span>
          <span>{payload.store}</span>
          <Age since={createdAt} />
        </p>
      </div>
      <div className={styles['buttons']}>
        <Button
          look={isJob ? 'main' : 'plain'}
          size={isJob ? 'big' : 'usual'}
          className={styles['claim']}
          disabled={!isUp || state === 'claiming'}
          // The next offer comes where this one was: a hasty double tap claims one.
          onClick={({ detail }) => detail < 2 && shift.claim(known)}
        >
          {isAway ? (
            <span>
              Claim <small>needs the network</small>
            </span>
          ) : (
            'Claim'
          )}
          <OfOrder id={payload.orderID} />
        </Button>
        {isAway && (
          <Button className={styles['claim']} onClick={() => shift.pickUp(known)}>
            Picked up
            <OfOrder id={payload.orderID} />
          </Button>
        )}
      </div>
    </li>
  );
});
