import type { Identity } from '../../client/client.ts';
import { useStore } from '../app/hooks.ts';
import type { Live } from '../app/live.ts';
import { counted } from '../app/numbers.ts';
import { Banner } from './banner.tsx';

interface ConnectionBannerProps {
  live: Live;
}

/** What still works meanwhile. */
const meanwhile: Readonly<Record<Identity['role'], string>> = {
  vendor: 'What you do is kept in this page and sent when the connection is back.',
  driver: 'What you do is sent when the connection is back; claiming has to wait for that.',
  admin: 'What happens meanwhile is shown when the connection is back.',
  customer: 'What happens meanwhile is shown when the connection is back.',
};

/** Says what a broken connection means for one's work, once it is more than a hiccup. */
export function ConnectionBanner({ live }: ConnectionBannerProps) {
  const { badge, isLost, waiting } = useStore(live.state);
  if (badge.kind === 'refused') {
    return <Banner tone="trouble">The hub refused this page: {badge.message} Reload it to try again.</Banner>;
  }
  if (!isLost || badge.kind === 'turned-away' || badge.kind === 'signed-out') return null;
  return (
    <Banner tone="trouble">
      {badge.kind === 'offline' ? 'This device has no network.' : 'The hub does not answer.'}{' '}
      {meanwhile[live.role]}
      {waiting > 0 && counted(waiting, { one: ' # thing waits.', other: ' # things wait.' })}
    </Banner>
  );
}
