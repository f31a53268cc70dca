import { type RefObject, useEffect, useRef } from 'react';
import { useGlide } from '../../app/glide.ts';
import { useLoaded } from '../../app/hooks.ts';
import { count } from '../../app/numbers.ts';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { driver } from '../../words/driver.ts';
import type { DriverSession } from './driver-session.ts';
import { HeldParcelItem } from './held-parcel-item.tsx';
import styles from './held-parcel-list.module.css';
import { loadProofs } from './load-proofs.ts';
import { hasSteps, type StopEnd } from './next-steps.tsx';
import { type HeldRow, isGone, type SessionState } from './session-state.ts';
import { ShopGroup } from './shop-place.tsx';

interface HeldParcelListProps {
  session: DriverSession;
  state: SessionState;
  isUp: boolean;
}

/** The parcels that this driver has claimed or carries. */
export function HeldParcelList({ session, state, isUp }: HeldParcelListProps) {
  const words = driver().hand;
  const { held, heldCount, offers, moreOffers, auto, onDuty, isKeeping } = state;
  const list = useLastClaimInSight(held, offers.length + moreOffers === 0);
  useGlide(list);
  const stops = held.filter((row) => hasSteps(row.status) && !isGone(row));
  return (
    <Panel
      title={words.title}
      inset="flush"
      className={styles['panel']}
      isEmpty={held.length === 0}
      aside={
        heldCount > 0 && (
          <>
            {held.some(({ known }) => known.view.payload.latitude !== undefined) && <Distances />}
            <span className={styles['total']} data-num>
              {count(heldCount)}
            </span>
          </>
        )
      }
    >
      {held.length === 0 ? (
        <Empty title={words.none}>
          <p>{auto.on === true && onDuty ? words.autoClaims : words.claimOne}</p>
        </Empty>
      ) : (
        <ul ref={list}>
          {/* Flat, because React names what is in an inner list by its place: a row that moves would begin anew. */}
          {held.flatMap((item, place) => {
            const group = groupOf(held, item);
            const isHead = group && held[place - 1]?.collectAt !== item.collectAt;
            return [
              isHead && (
                <ShopGroup
                  key={`shop ${item.collectAt}`}
                  session={session}
                  store={item.collectAt ?? ''}
                  rows={group}
                />
              ),
              <HeldParcelItem
                key={item.key}
                session={session}
                item={item}
                isUp={isUp}
                isKeeping={isKeeping}
                end={endOf(item, stops)}
                isGrouped={group !== undefined}
              />,
            ];
          })}
        </ul>
      )}
    </Panel>
  );
}

/** The way to see how far each stop is. */
function Distances() {
  const loaded = useLoaded(loadProofs);
  return typeof loaded === 'object' ? <loaded.DistanceButton /> : null;
}

function endOf({ key }: HeldRow, stops: readonly HeldRow[]): StopEnd {
  const isFirst = stops[0]?.key === key;
  if (stops.filter(isMovable).at(-1)?.key !== key) return isFirst ? 'first' : undefined;
  return isFirst ? 'both' : 'last';
}

/** What has failed or goes back has its place behind the others. */
function isMovable({ status }: HeldRow): boolean {
  return status === 'claimed' || status === 'in-transit';
}

/** The parcels that are to be collected together with this one. @returns undefined if it is the only one */
function groupOf(
  held: readonly HeldRow[],
  { collectAt }: HeldRow,
): readonly [HeldRow, ...HeldRow[]] | undefined {
  const [first, ...others] = held.filter((one) => collectAt !== undefined && one.collectAt === collectAt);
  return first && others.length > 0 ? [first, ...others] : undefined;
}

/** A claim that was answered earlier does not scroll any more. */
const momentMs = 1_000;

/**
 * Scrolls to a claimed parcel if it was the last offer. While there are other offers the driver may want the next one, so
 * nothing scrolls.
 * @returns the ref for the list
 */
function useLastClaimInSight(held: readonly HeldRow[], isLast: boolean): RefObject<HTMLUListElement | null> {
  const list = useRef<HTMLUListElement>(null);
  /** Parcels on which this page has acted. */
  const known = useRef<ReadonlySet<string>>(new Set());
  const latest = useRef({ key: '', at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    const claimed = held.filter(({ status, toast }) => status === 'claimed' && toast !== undefined);
    const fresh = claimed.find(({ key }) => !known.current.has(key));
    if (fresh) latest.current = { key: fresh.key, at: performance.now() };
    // The feed may bring a claim before its answer; only the answer brings the toast.
    known.current = new Set(
      held.flatMap(({ key, toast }) => (toast !== undefined || known.current.has(key) ? [key] : [])),
    );
    // The new parcel and the empty board arrive in any order, a moment apart.
    const { key, at } = latest.current;
    const place = held.findIndex((item) => item.key === key);
    if (place < 0 || !isLast || performance.now() - at > momentMs) return;
    latest.current = { key: '', at: Number.NEGATIVE_INFINITY };
    list.current?.querySelectorAll(':scope > [data-status]')[place]?.scrollIntoView({ block: 'nearest' });
  }, [held, isLast]);
  return list;
}
