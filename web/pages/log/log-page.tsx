import { useCallback, useState } from 'react';
import type { SearchField } from '../../../protocol/search.ts';
import { useResource, useSelect, useStore } from '../../app/hooks.ts';
import { Live } from '../../app/live.ts';
import { toggleTerm } from '../../dispatch/search-text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { Shell } from '../../ui/shell.tsx';
import { logWords } from '../../words/log.ts';
import { shared } from '../../words/shared.ts';
import { readAddress } from './address.ts';
import { EventList } from './event-list.tsx';
import { KeysButton } from './keys-button.tsx';
import { useLogKeyboard } from './log-keyboard.ts';
import styles from './log-page.module.css';
import { LogStore } from './log-store.ts';
import { ModeStrip, PausedBadge } from './mode-strip.tsx';
import { ParcelPanel } from './parcel-panel.tsx';
import { RateChart } from './rate-chart.tsx';
import { SearchBar } from './search-bar.tsx';
import { Connections, Notices } from './side.tsx';
import { UrgentBanner } from './urgent-banner.tsx';

/** The page of dispatch: live events, history, and who is connected. */
export function Page() {
  const store = useResource(
    () => new LogStore(new Live({ role: 'admin' }), readAddress(location.search)),
    'admin',
  );
  return store ? <Log store={store} /> : <Shell page="log">{null}</Shell>;
}

const loadHelp = () => import('./help-dialog.tsx');

/** Selects only state that seldom changes, so that a stream renders nothing but rows. */
function Log({ store }: { store: LogStore }) {
  const isFrozen = useSelect(store.log, (log) => log.mode.kind === 'frozen');
  const replaced = useSelect(store.log, (log) => log.replaced);
  const isPanelOpen = useStore(store.parcel.state) !== undefined;
  const [isHelpOpen, setHelpOpen] = useState(false);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  const closeHelp = useCallback(() => setHelpOpen(false), []);
  const searchBox = useLogKeyboard(store, openHelp);
  const filterBy = useCallback(
    (field: SearchField | undefined, value: string, exclude = false) =>
      store.search(toggleTerm(store.log.get().search, field, value, exclude)),
    [store],
  );
  return (
    <Shell
      page="log"
      title={isFrozen ? `${logWords().strip.paused} · ${shared().pages.log}` : undefined}
      live={store.live}
      announcer={store.announcer}
      tools={
        <>
          {isFrozen && <PausedBadge />}
          <KeysButton />
        </>
      }
    >
      <div className={styles['page']} data-panel={isPanelOpen || undefined}>
        <div className={styles['top']}>
          <UrgentBanner store={store} />
          {replaced > 0 && <Replaced key={replaced} />}
          <SearchBar store={store} box={searchBox} onHelp={openHelp} />
          <RateChart store={store} />
        </div>
        <div className={styles['events']}>
          <EventList store={store} onValue={filterBy} />
        </div>
        <ModeStrip store={store} />
        <div className={styles['side']}>
          <ParcelPanel store={store} onValue={filterBy} />
          <Connections store={store} onValue={filterBy} />
          <Notices store={store} />
        </div>
      </div>
      {isHelpOpen && <OnDemand load={loadHelp} props={{ onClose: closeHelp }} />}
    </Shell>
  );
}

/** A banner that stays until it is dismissed. */
function Replaced() {
  const words = logWords();
  const [isRead, setRead] = useState(false);
  if (isRead) return null;
  return (
    <Banner
      tone="news"
      actions={
        <Button size="small" onClick={() => setRead(true)}>
          {words.understood}
        </Button>
      }
    >
      {words.replaced}
    </Banner>
  );
}
