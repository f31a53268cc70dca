import { useEffect, useState } from 'react';
import { ask } from '../../../client/read.ts';
import { isHeld } from '../../../protocol/events.ts';
import { parcelName } from '../../../protocol/ids.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { keyOf } from '../../app/access-key.ts';
import { errorText } from '../../app/hub-answer.ts';
import { oneLine } from '../../app/lines.ts';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { Due } from '../../ui/due.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { driverScan } from '../../words/driver-scan.ts';
import { shared } from '../../words/shared.ts';
import type { DriverSession } from './driver-session.ts';
import styles from './scanned-parcel.module.css';
import type { SessionState } from './session-state.ts';

interface ScannedParcelProps {
  session: DriverSession;
  driver: string;
  state: SessionState;
  parcel: ParcelId;
  onClose: () => void;
}

type Finding =
  | { readonly kind: 'asking' | 'unknown' | 'silence' }
  | { readonly kind: 'taken'; readonly text: string }
  | { readonly kind: 'view'; readonly view: ParcelView };

/** A scanned parcel that is not in hand: an offer to claim, or whose it is. */
export function ScannedParcel({ session, driver, state, parcel, onClose }: ScannedParcelProps) {
  const { found, again } = useFound(driver, parcel);
  return (
    <Panel
      title={driverScan().title}
      aside={
        <Button look="quiet" size="small" className={styles['close']} onClick={onClose}>
          {driverScan().close}
        </Button>
      }
    >
      <div className={styles['parcel']} role="status">
        <p className={styles['id']}>
          <bdi>{parcel.orderID}</bdi>
        </p>
        {found.kind === 'asking' && <p>{driverScan().asking}</p>}
        {found.kind === 'unknown' && <p>{driverScan().unknown}</p>}
        {found.kind === 'taken' && <p className={styles['taken']}>{found.text}</p>}
        {found.kind === 'silence' && (
          <>
            <p>{shared().hub.noAnswer}</p>
            <Button onClick={again}>{shared().tryAgain}</Button>
          </>
        )}
        {found.kind === 'view' && <Contents session={session} state={state} view={found.view} />}
      </div>
    </Panel>
  );
}

function Contents({
  session,
  state,
  view,
}: Pick<ScannedParcelProps, 'session' | 'state'> & { view: ParcelView }) {
  const { payload, status, holder } = view;
  const key = parcelName(payload);
  const isUp = state.isKnown && session.live.state.get().isUp;
  const offer = state.offers.find(({ known }) => parcelName(known.view.payload) === key);
  const isLost = offer?.state === 'lost';
  return (
    <>
      <h3 className={styles['address']}>
        <Address text={payload.address} />
      </h3>
      <p>
        <bdi>{oneLine(payload.customer)}</bdi> · <bdi>{payload.store}</bdi>
      </p>
      <p className={styles['facts']}>
        {payload.dueAt !== undefined && <Due view={view} at={payload.dueAt} />}
      </p>
      {isLost ? (
        <p className={styles['taken']}>{offer.text}</p>
      ) : status === 'ready' ? (
        <Button
          look="main"
          size="big"
          disabled={!isUp || offer?.state === 'claiming'}
          onClick={firstTap(() => session.actions.claim({ view }))}
        >
          {driverScan().claim}
          <span className="visually-hidden"> {payload.orderID}</span>
        </Button>
      ) : isHeld(status) && holder ? (
        <p className={styles['taken']}>{driverScan().takenBy(holder.name ?? holder.id)}</p>
      ) : (
        <StatusMark status={status} look="chip" />
      )}
    </>
  );
}

/** Asks the hub, which tells a driver of what is on offer, of what they hold or held, and who has taken the rest. */
function useFound(driver: string, { store, orderID }: ParcelId): { found: Finding; again: () => void } {
  const [found, setFound] = useState<Finding>({ kind: 'asking' });
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is the reason to ask again
  useEffect(() => {
    let isStale = false;
    setFound({ kind: 'asking' });
    void find(driver, { store, orderID }).then((now) => !isStale && setFound(now));
    return () => {
      isStale = true;
    };
  }, [driver, store, orderID, tries]);
  return { found, again: () => setTries(tries + 1) };
}

async function find(driver: string, params: ParcelId): Promise<Finding> {
  const query = { as: `driver:${driver}` };
  const reply = await ask('GET /api/orders/:store/:orderID', { params, query, key: keyOf('driver') });
  if (reply.kind === 'answer') return { kind: 'view', view: reply.answer.parcel };
  if (reply.kind !== 'refusal') return { kind: 'silence' };
  const { code, details } = reply;
  if (code !== 'taken') return { kind: code === 'unknown-parcel' ? 'unknown' : 'silence' };
  const by = details['by'];
  return { kind: 'taken', text: typeof by === 'string' ? driverScan().takenBy(by) : errorText(reply) };
}
