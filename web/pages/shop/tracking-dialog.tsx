import { useEffect, useRef, useState } from 'react';
import { unreachable } from '../../../protocol/errors.ts';
import type { Order, ParcelId } from '../../../protocol/orders.ts';
import { oneLine } from '../../app/lines.ts';
import { Button } from '../../ui/button.tsx';
import { CopyLink } from '../../ui/copy-link.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { shared } from '../../words/shared.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { fetchTracking } from './fetch-tracking.ts';
import styles from './tracking-dialog.module.css';

interface TrackingDialogProps {
  order: Order;
  onClose: () => void;
}

/** The customer's link to one order, to open, copy or scan. */
export function TrackingDialog({ order, onClose }: TrackingDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const whose = (
    <bdi>
      {oneLine(order.customer)} · {order.orderID}
    </bdi>
  );
  const { link, again } = useTracking(order);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <Dialog
      dialog={dialog}
      width="narrow"
      onClose={onClose}
      title={<PhraseText phrase={words().tracking.title(whose)} />}
    >
      <div className={styles['content']}>
        <Content link={link} onRetry={again} />
      </div>
    </Dialog>
  );
}

type Link = { kind: 'coming' } | { kind: 'failed' } | { kind: 'known'; url: string };

function useTracking({ store, orderID }: ParcelId): { link: Link; again: () => void } {
  const [link, setLink] = useState<Link>({ kind: 'coming' });
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is the reason to ask again
  useEffect(() => {
    let isStale = false;
    setLink({ kind: 'coming' });
    fetchTracking({ store, orderID }).then(
      (url) => {
        if (!isStale) setLink({ kind: 'known', url });
      },
      () => {
        if (!isStale) setLink({ kind: 'failed' });
      },
    );
    return () => {
      isStale = true;
    };
  }, [store, orderID, tries]);
  return { link, again: () => setTries(tries + 1) };
}

function Content({ link, onRetry }: { link: Link; onRetry: () => void }) {
  switch (link.kind) {
    case 'coming':
      return <p className={styles['quiet']}>{words().tracking.asking}</p>;
    case 'failed':
      return (
        <p>
          {shared().connection.noAnswer}{' '}
          <Button size="small" onClick={onRetry}>
            {shared().tryAgain}
          </Button>
        </p>
      );
    case 'known':
      return <LinkAndCode url={link.url} />;
    default:
      return unreachable(link);
  }
}

function LinkAndCode({ url }: { url: string }) {
  return (
    <>
      <p className={styles['quiet']}>{words().tracking.forCustomer}</p>
      <img
        className={styles['code']}
        src={`/qr.svg?url=${encodeURIComponent(url)}`}
        alt={words().tracking.code}
        width={200}
        height={200}
      />
      <p className={styles['url']}>
        <a href={url} target="_blank" rel="noreferrer">
          {url}
        </a>
      </p>
      <CopyLink url={url} />
    </>
  );
}
