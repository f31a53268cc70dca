import { useState } from 'react';
import { useOpened, useStore } from '../../hooks.ts';
import { Live } from '../../live.ts';
import { count } from '../../numbers.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Shell } from '../../ui/shell.tsx';
import { EventList } from './event-list.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { KeysButton } from './keys-button.tsx';
import styles from './log-page.module.css';
import { type LogState, LogStore } from './log-store.ts';
import { ModeStrip, PausedBadge } from './mode-strip.tsx';
import { ParcelPanel } from './parcel-panel.tsx';
import { RateChart } from './rate-chart.tsx';
import { searchInUrl, useReader } from './reader.ts';
import { SearchBar } from './search-bar.tsx';
import { Connections, Notices } from './side.tsx';
import { countsText } from './words.ts';

/** Dispatch's view: every event as it happens, all that happened before, and who is connected. */
export function LogPage() {
  const store = useOpened(() => new LogStore(new Live({ role: 'admin' }), searchInUrl()), 'admin');
  return store ? <Log store={store} /> : <Shell page="Log">{null}</Shell>;
}

function Log({ store }: { store: LogStore }) {
  const log = useStore(store.log);
  const reader = useReader(store, log);
  const { selected, isPanelOpen } = reader;
  const isFrozen = log.mode.kind === 'frozen';
  return (
    <Shell
      page="Log"
      title={isFrozen ? 'Paused · Log' : undefined}
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
          {log.replaced > 0 && <Replaced key={log.replaced} />}
          <SearchBar
            search={log.search}
            onSearch={reader.search}
            box={reader.searchBox}
            isFrozen={isFrozen}
            onPause={reader.togglePause}
            onHelp={reader.showHelp}
          />
          <RateChart store={store} isPaused={log.mode.kind === 'frozen' && log.mode.why === 'paused'} />
        </div>
        <div className={styles['events']}>
          <EventList
            store={store}
            log={log}
            empty={<NoRows log={log} onClear={() => reader.search('')} />}
            selectedSeq={selected?.seq}
            sight={reader.sight}
            onResume={reader.resume}
            onOpen={reader.open}
            onValue={reader.filterBy}
          />
          <ModeStrip log={log} live={store.live} onNewest={reader.resume} />
        </div>
        <div className={styles['side']}>
          <ParcelPanel
            store={store}
            selected={selected}
            onClose={reader.closePanel}
            onValue={reader.filterBy}
          />
          <Connections store={store} />
          <Notices store={store} />
        </div>
      </div>
      <HelpDialog dialog={reader.help} />
    </Shell>
  );
}

/** Says it until it has been read. */
function Replaced() {
  const [isRead, setRead] = useState(false);
  if (isRead) return null;
  return (
    <Banner
      tone="news"
      actions={
        <Button size="small" onClick={() => setRead(true)}>
          Understood
        </Button>
      }
    >
      The hub has another log now, such as a restored backup. What was here before has been cleared.
    </Banner>
  );
}

function NoRows({ log, onClear }: { log: LogState; onClear: () => void }) {
  const { isOpen, older, newer, total, search, fresh } = log;
  if (!isOpen || older === 'failed') return null;
  if (older !== 'none' || newer !== 'none') {
    return <Empty title={search === '' ? 'Loading events…' : 'Searching…'} />;
  }
  if (total === 0) {
    return (
      <Empty title="Nothing has happened yet.">
        <p>
          Open <a href="/vendor">a store</a> and <a href="/driver">a driver</a>: every event will appear here
          in the moment it happens.
        </p>
      </Empty>
    );
  }
  if (search === '') return null;
  return (
    <Empty title={`${countsText(log)}.`}>
      {fresh > 0 && <p>{count(fresh)} came since the pause.</p>}
      <Button onClick={onClear}>Clear filters</Button>
    </Empty>
  );
}
