import { useStore } from '../app/hooks.ts';
import type { Live } from '../app/live.ts';
import { shared } from '../words/shared.ts';
import { Moment } from './age.tsx';
import { Banner } from './banner.tsx';
import { PhraseText } from './phrase-text.tsx';

interface ConnectionBannerProps {
  live: Live;
}

/** Says what a lost connection, or a hub that cannot record, means for the user's work; not of a short interruption. */
export function ConnectionBanner({ live }: ConnectionBannerProps) {
  const { badge, isLost, isUp, waiting, outage } = useStore(live.state);
  const words = shared().connection;
  if (badge.kind === 'refused') {
    return <Banner tone="trouble">{words.refusedWhy(badge.message)}</Banner>;
  }
  const isSound = !isLost && outage === undefined;
  if (isSound || badge.kind === 'turned-away' || badge.kind === 'signed-out') return null;
  const trouble =
    outage === undefined ? (
      words.noAnswer
    ) : (
      <PhraseText phrase={words.outage(isUp, <Moment at={outage} />)} />
    );
  return (
    <Banner tone="trouble">
      {badge.kind === 'offline' ? words.noNetwork : trouble} {words.meanwhile[live.role]}
      {waiting > 0 && ` ${words.waiting(waiting)}`}
    </Banner>
  );
}
