import { useEffect, useState } from 'react';
import { isNewBuild } from '../app/build.ts';
import type { Live } from '../app/live.ts';
import { shared } from '../words/shared.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';

/** Offers to reload if the hub serves a newer build. Checks after each connect, because an upgrade interrupts the connection. */
export function NewVersion({ live }: { live: Live }) {
  const [isNew, setNew] = useState(false);
  useEffect(
    () =>
      live.client.on('welcome', () => {
        void isNewBuild().then((is) => is && setNew(true));
      }),
    [live],
  );
  if (!isNew) return null;
  return (
    <Banner
      tone="news"
      actions={
        <Button size="small" onClick={() => location.reload()}>
          {shared().shell.refresh}
        </Button>
      }
    >
      {shared().shell.newVersion}
    </Banner>
  );
}
