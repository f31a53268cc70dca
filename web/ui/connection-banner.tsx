import { useStore } from '../app/hooks.ts';
import type { Live } from '../app/live.ts';
import { shared } from '../words/shared.ts';
import { Banner } from './banner.tsx';

interface ConnectionBannerProps {
  live: Live;
}

/** Says what a lost connection means for the user's work, unless it is a short interruption. */
export function ConnectionBanner({ live }: ConnectionBannerProps) {
  const { badge, isLost, waiting } = useStore(live.state);
  const words = shared().connection;
  if (badge.kind === 'refused') {
    return <Banner tone="trouble">{words.refusedWhy(badge.message)}</Banner>;
  }
  if (!isLost || badge.kind === 'turned-away' || badge.kind === 'signed-out') return null;
  return (
    <Banner tone="trouble">
      {badge.kind === 'offline' ? words.noNetwork : words.noAnswer} {words.meanwhile[live.role]}
      {waiting > 0 && ` ${words.waiting(waiting)}`}
    </Banner>
  );
}
