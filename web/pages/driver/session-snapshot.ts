import { isHeld } from '../../../protocol/events.ts';
import type { PageStorage } from '../../app/durable-outbox.ts';
import type { AutoDeliver } from './auto-deliver.ts';
import type { Claims } from './claims.ts';
import type { DriverFeed } from './driver-feed.ts';
import type { Duty } from './duty.ts';
import type { HeldParcels } from './held-parcels.ts';
import { type HeldRowSources, heldRows } from './held-rows.ts';
import type { OfferWindow } from './offer-window.ts';
import { placeText } from './offers.ts';
import type { PendingCommands } from './pending-commands.ts';
import type { Proofs } from './proofs.ts';
import { isAtRisk, isGone, type Offer, type SessionState } from './session-state.ts';
import type { ShiftTally } from './shift-tally.ts';

export interface SnapshotSources extends Pick<HeldRowSources, 'stops' | 'shops'> {
  readonly feed: Pick<DriverFeed, 'isComplete'>;
  readonly proofs: Pick<Proofs, 'images' | 'draftOf'>;
  readonly offers: Pick<OfferWindow, 'open' | 'later' | 'beyond'>;
  readonly claims: Pick<Claims, 'all'>;
  readonly held: HeldParcels;
  readonly commands: Pick<PendingCommands, 'refused'>;
  readonly duty: Pick<Duty, 'isOn'>;
  readonly auto: Pick<AutoDeliver, 'plan'> & { readonly switch: Pick<AutoDeliver['switch'], 'state'> };
  readonly tally: Pick<ShiftTally, 'summary'>;
  readonly storage: Pick<PageStorage, 'isSaved' | 'isKeeping'>;
}

/** Takes one snapshot of all that the page draws. */
export function takeSnapshot(sources: SnapshotSources): SessionState {
  const { feed, offers, claims, held, commands, duty, auto, storage, proofs } = sources;
  const open = offers.open.map((known): Offer => ({ known, state: 'open' }));
  const rows = heldRows(held, sources);
  const mine = rows.filter((row) => !isGone(row));
  return {
    isKnown: feed.isComplete,
    offers: [...open, ...claims.all].sort((a, b) => (placeText(a.known) < placeText(b.known) ? -1 : 1)),
    laterOffers: offers.later,
    moreOffers: offers.beyond,
    held: rows,
    heldCount: held.count,
    claimed: mine.filter(({ status }) => status === 'claimed').length,
    carried: mine.filter(({ status }) => isHeld(status) && status !== 'claimed').length,
    refused: commands.refused,
    onDuty: duty.isOn,
    shift: sources.tally.summary(rows),
    auto: auto.switch.state,
    isKeeping: storage.isKeeping,
    images: proofs.images,
    unsaved: proofs.images.unsaved + rows.flatMap(({ pending }) => pending).filter(isAtRisk).length,
  };
}
