import { memo, type RefObject, useState } from 'react';
import { parcelName } from '../../../protocol/ids.ts';
import { useGlide } from '../../app/glide.ts';
import { useStore } from '../../app/hooks.ts';
import { oneLine } from '../../app/lines.ts';
import { count } from '../../app/numbers.ts';
import { Address } from '../../ui/address.tsx';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Due } from '../../ui/due.tsx';
import { Empty } from '../../ui/empty.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { Panel } from '../../ui/panel.tsx';
import { driver } from '../../words/driver.ts';
import type { DriverSession } from './driver-session.ts';
import { hasSteps } from './next-steps.tsx';
import { NotBefore } from './not-before.tsx';
import { useOfferRows } from './offer-board.ts';
import type { PlacedOffer } from './offer-layout.ts';
import styles from './offer-list.module.css';
import { OrderLabel } from './order-label.tsx';
import type { Offer, SessionState } from './session-state.ts';

/** Offers for later that are drawn. */
const laterMax = 50;

interface OfferListProps {
  session: DriverSession;
  state: SessionState;
  /** Claiming needs a connection: only the hub knows who was first. */
  isUp: boolean;
  /** The connection has been lost for a while. */
  isAway: boolean;
  /** The element around the list. */
  page: RefObject<HTMLElement | null>;
  /** Key of the parcel that is shown by itself, with its own Claim. */
  scanned: string | undefined;
}

/** The parcels on offer, first due first. Visible rows never move by themselves. */
export function OfferList({ session, state, isUp, isAway, page, scanned }: OfferListProps) {
  const words = driver().offers;
  const { offers, laterOffers, moreOffers, onDuty, held } = state;
  // If the driver holds nothing, the first offer is the job.
  const hasJob = held.some(({ status }) => hasSteps(status));
  const { rows, job, waiting, list, settle } = useOfferRows(state, hasJob);
  // The layout removes empty places without a change of state.
  useGlide(page);
  const total = offers.filter(({ state }) => state !== 'lost').length + moreOffers;
  return (
    <Panel
      title={words.title}
      inset="flush"
      className={styles['panel']}
      aside={
        onDuty && (
          <>
            {waiting > 0 && (
              <Button look="quiet" size="small" className={styles['waiting']} onClick={settle}>
                {words.sooner(waiting)} ↑
              </Button>
            )}
            {total > 0 && (
              <span className={styles['total']} data-num>
                {count(total)}
              </span>
            )}
          </>
        )
      }
    >
      {!onDuty ? (
        <OffDuty session={session} />
      ) : rows.length === 0 ? (
        <NoOffers session={session} />
      ) : (
        <ul ref={list} className={styles['list']}>
          {rows.map(({ key, offer, gone }, i) => (
            <OfferRow
              key={key}
              {...offer}
              gone={gone}
              session={session}
              isUp={isUp}
              isAway={isAway}
              isJob={key === job}
              isElsewhere={key === scanned}
              isMine={gone !== undefined && held.some((item) => item.key === key)}
              hasNext={offer.state === 'lost' && rows.slice(i + 1).some(isOpen)}
            />
          ))}
        </ul>
      )}
      {onDuty && moreOffers > 0 && (
        <div className={styles['more']}>
          <p>{words.more(moreOffers)}</p>
          {/* Only the hub has further offers. */}
          {isUp && (
            <Button className={styles['showMore']} onClick={() => session.offers.showMore()}>
              {words.showMore}
            </Button>
          )}
        </div>
      )}
      {onDuty && laterOffers.length > 0 && (
        <LaterOffers {...{ session, isUp, isAway, scanned }} offers={laterOffers} />
      )}
    </Panel>
  );
}

type LaterOffersProps = Pick<OfferListProps, 'session' | 'isUp' | 'isAway' | 'scanned'> & {
  offers: SessionState['laterOffers'];
};

/** One line for the offers whose time has not come, which opens them. */
function LaterOffers({ session, offers, isUp, isAway, scanned }: LaterOffersProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={styles['later']}
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {driver().offers.later(offers.length)}
      </button>
      {isOpen && (
        <ul className={styles['list']}>
          {offers.slice(0, laterMax).map((known) => (
            <OfferRow
              key={parcelName(known.view.payload)}
              known={known}
              state="open"
              gone={undefined}
              session={session}
              isUp={isUp}
              isAway={isAway}
              isJob={false}
              isElsewhere={parcelName(known.view.payload) === scanned}
              isMine={false}
              hasNext={false}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function isOpen({ offer, gone }: PlacedOffer): boolean {
  return gone === undefined && offer.state === 'open';
}

function OffDuty({ session }: { session: DriverSession }) {
  const { duty } = driver();
  return (
    <Empty title={duty.off}>
      <p>{duty.offHint}</p>
      <Button look="main" size="big" onClick={() => session.duty.set(true)}>
        {duty.goOn}
      </Button>
    </Empty>
  );
}

function NoOffers({ session }: { session: DriverSession }) {
  const rings = useStore(session.bell);
  const words = driver().offers;
  return (
    <Empty title={words.none}>
      <p>{rings ? words.willRing : words.willCome}</p>
    </Empty>
  );
}

interface OfferRowProps extends Offer, Pick<PlacedOffer, 'gone'> {
  session: DriverSession;
  isUp: boolean;
  isAway: boolean;
  /** The current job, which is shown biggest. */
  isJob: boolean;
  /** It is shown elsewhere. The row keeps its place in the list. */
  isElsewhere: boolean;
  /** This driver holds the parcel, which is not on offer any more. */
  isMine: boolean;
  hasNext: boolean;
}

/** A row. It has the same height in every state, so that the rows below do not move. */
const OfferRow = memo(function OfferRow(props: OfferRowProps) {
  const { known, state, text, gone, isJob, isElsewhere, hasNext } = props;
  const { payload, createdAt } = known.view;
  const isLost = state === 'lost';
  return (
    <li
      className={styles['row']}
      data-state={gone ?? state}
      data-job={isJob}
      hidden={isElsewhere}
      aria-hidden={gone === 'empty' || undefined}
    >
      <div className={styles['text']}>
        <h3 className={styles['address']}>
          <Address text={payload.address} />
        </h3>
        {isLost ? (
          <p className={styles['lost']}>
            {text} {hasNext && driver().offers.nextBelow}
          </p>
        ) : (
          <p className={styles['customer']}>
            <bdi>{oneLine(payload.customer)}</bdi>
          </p>
        )}
        <p className={styles['facts']}>
          <NotBefore payload={payload} />
          {payload.dueAt !== undefined && <Due view={known.view} at={payload.dueAt} />}
          <bdi className={styles['id']}>{payload.orderID}</bdi>
          <bdi>{payload.store}</bdi>
          <Age since={createdAt} />
        </p>
      </div>
      <OfferButtons {...props} />
    </li>
  );
});

function OfferButtons({ session, known, state, gone, isUp, isAway, isJob, isMine }: OfferRowProps) {
  const { orderID } = known.view.payload;
  const words = driver().offers;
  const isOver = gone !== undefined || state === 'lost';
  return (
    <div className={styles['buttons']}>
      <Button
        look={isJob && !isOver ? 'main' : 'plain'}
        size={isJob ? 'big' : 'usual'}
        className={styles['claim']}
        disabled={isOver || !isUp || state === 'claiming'}
        onClick={firstTap(() => session.actions.claim(known))}
      >
        {isOver ? (
          <span>{isMine ? words.yours : words.taken}</span>
        ) : isAway ? (
          <span>
            {words.claim} <small>{words.needsNetwork}</small>
          </span>
        ) : (
          words.claim
        )}
        <OrderLabel id={orderID} />
      </Button>
      {isAway && !isOver && (
        <Button className={styles['claim']} onClick={firstTap(() => session.actions.pickUp(known))}>
          {driver().step.pickedUp}
          <OrderLabel id={orderID} />
        </Button>
      )}
    </div>
  );
}
