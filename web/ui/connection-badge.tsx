import { unreachable } from '../../protocol/errors.ts';
import { useNow, useSelect } from '../app/hooks.ts';
import type { Badge, Live } from '../app/live.ts';
import { perSecond } from '../app/numbers.ts';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import styles from './connection-badge.module.css';

/** Shows the state of the connection. It takes its space from the start, so that nothing moves later. */
export function ConnectionBadge({ live }: { live: Live | undefined }) {
  return live ? <BadgeOf live={live} /> : <div className={styles['badge']} data-badge data-state="quiet" />;
}

function BadgeOf({ live }: { live: Live }) {
  const badge = useSelect(live.state, (state) => state.badge);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls; this is a group of facts
    <div
      className={styles['badge']}
      role="group"
      aria-label={shared().connection.label}
      data-badge
      data-state={badge.kind}
    >
      <span className={styles['dot']} aria-hidden="true" />
      <BadgeText badge={badge} />
      {badge.kind === 'reconnecting' && badge.at !== undefined && (
        <Button look="quiet" size="small" onClick={() => live.client.retryNow()}>
          {shared().connection.tryNow}
        </Button>
      )}
    </div>
  );
}

function BadgeText({ badge }: { badge: Badge }) {
  const words = shared().connection;
  switch (badge.kind) {
    case 'quiet':
      return null;
    case 'connecting':
    case 'offline':
    case 'halted':
      return <span>{words[badge.kind]}</span>;
    case 'live':
      return (
        <span className={styles['facts']}>
          <span>{words.live}</span>
          <span data-num>{perSecond(badge.perSecond)}</span>
          {badge.rttMs !== undefined && <span data-num>{words.roundTrip(badge.rttMs)}</span>}
        </span>
      );
    case 'reconnecting':
      return badge.at === undefined ? <span>{words.reconnecting}</span> : <Countdown at={badge.at} />;
    case 'back':
      return <span>{badge.caughtUp === 0 ? words.back : words.caughtUp(badge.caughtUp)}</span>;
    case 'signed-out':
      return <span>{words.signedOut}</span>;
    case 'refused':
    case 'turned-away':
      // The banner or the page says why.
      return <span>{words.refused}</span>;
    default:
      return unreachable(badge);
  }
}

function Countdown({ at }: { at: number }) {
  // Renders every second.
  useNow();
  const seconds = Math.max(1, Math.ceil((at - Date.now()) / 1_000));
  return <span>{shared().connection.reconnectingIn(seconds)}</span>;
}
