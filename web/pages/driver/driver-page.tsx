import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { keyOf } from '../../app/access-key.ts';
import { useGlide } from '../../app/glide.ts';
import { useLoaded, useResource, useSelect, useStore } from '../../app/hooks.ts';
import { changeName, driverName, startingName } from '../../app/names.ts';
import { Button } from '../../ui/button.tsx';
import { NamePlate } from '../../ui/name-plate.tsx';
import { Shell } from '../../ui/shell.tsx';
import { StartsSoon } from '../../ui/starts-soon.tsx';
import { Switch } from '../../ui/switch.tsx';
import { firstAuto, WayQuestion } from '../../ui/way-question.tsx';
import { driver as words } from '../../words/driver.ts';
import { shared } from '../../words/shared.ts';
import styles from './driver-page.module.css';
import { DriverSession } from './driver-session.ts';
import { HeldParcelList } from './held-parcel-list.tsx';
import { type LoadedProofs, loadProofs } from './load-proofs.ts';
import { OfferList } from './offer-list.tsx';
import { ScannedSlot, type ScannedSlotProps } from './scanned-slot.tsx';
import type { SessionState } from './session-state.ts';
import { useWakeLock } from './wake-lock.ts';

export function Page() {
  const [driver, setDriver] = useState(() => startingName(driverName));
  const session = useResource(() => new DriverSession(driver), driver);
  const page = useRef<HTMLDivElement>(null);
  const [isScanning, setIsScanning] = useState(false);
  return (
    <Shell
      page="driver"
      keepsHeader
      title={shared().titleOf(shared().pages.driver, driver)}
      live={session?.live}
      announcer={session?.announcer}
      tools={
        session && (
          <>
            <Button
              look="quiet"
              className={styles['scan']}
              aria-expanded={isScanning}
              onClick={() => setIsScanning(!isScanning)}
            >
              {words().scan}
            </Button>
            <Duty session={session} />
          </>
        )
      }
      banners={
        session && (
          <>
            <UnsavedBanner session={session} />
            <DutyBanner session={session} />
          </>
        )
      }
    >
      <link rel="manifest" href="/driver.webmanifest" />
      {session ? <Question session={session} /> : <QuestionPlaceholder />}
      <div ref={page} className={styles['page']}>
        <div className={styles['who']}>
          <NamePlate
            of="driver"
            name={driver}
            isFixed={keyOf('driver') !== undefined}
            onChange={(name) => {
              changeName(driverName, name);
              setDriver(name);
            }}
          />
          {session ? <Auto session={session} /> : <AutoPlaceholder />}
        </div>
        {session && <Work {...{ session, driver, page, isScanning, setIsScanning }} />}
      </div>
    </Shell>
  );
}

function Duty({ session }: { session: DriverSession }) {
  const onDuty = useSelect(session.state, (state) => state.onDuty);
  return <Switch label={words().duty.on} checked={onDuty} onChange={(on) => session.duty.set(on)} />;
}

/** Warns that unsent actions are not saved and would be lost with the page. */
function UnsavedBanner({ session }: { session: DriverSession }) {
  const isAtRisk = useSelect(session.state, (state) => !state.isKeeping && state.unsaved > 0);
  if (!isAtRisk) return null;
  return <Part draw={(parts) => <parts.AtRisk />} />;
}

/** What a driver who is off duty still has in hand, once that is so. */
function DutyBanner({ session }: { session: DriverSession }) {
  const isOwing = useSelect(
    session.state,
    ({ onDuty, claimed, carried }) => !onDuty && claimed + carried > 0,
  );
  return isOwing ? <Part draw={(parts) => <parts.DutyBanner session={session} />} /> : null;
}

function Question({ session }: { session: DriverSession }) {
  const auto = useSelect(session.state, (state) => state.auto);
  const { way, autoDeliver } = words();
  return <WayQuestion question={way} what={autoDeliver} auto={auto} simulator={session.auto.switch} />;
}

/** Keeps the space of the question. */
function QuestionPlaceholder() {
  const [auto] = useState(() => firstAuto('driver'));
  const { way, autoDeliver } = words();
  return <WayQuestion question={way} what={autoDeliver} auto={auto} simulator={undefined} />;
}

/** Keeps the space of the switch until its state is known. */
function AutoPlaceholder() {
  const [{ way }] = useState(() => firstAuto('driver'));
  if (way === 'real') return null;
  return (
    <div className={styles['auto']}>
      <StartsSoon at={undefined} what={words().autoDeliver} onNotNow={() => {}} />
      <span className={styles['switchPlace']} />
    </div>
  );
}

function Auto({ session }: { session: DriverSession }) {
  const auto = useSelect(session.state, (state) => state.auto);
  if (auto.way === 'real') return null;
  if (auto.on === undefined) return <AutoPlaceholder />;
  return (
    <div className={styles['auto']}>
      <StartsSoon
        at={auto.way === 'try' ? auto.startsAt : undefined}
        what={words().autoDeliver}
        onNotNow={() => session.auto.switch.set(false)}
      />
      <Switch label={words().autoDeliver} checked={auto.on} onChange={(on) => session.auto.switch.set(on)} />
    </div>
  );
}

/** Changes how the page is used, once that has been said. */
function WayButton({ session }: { session: DriverSession }) {
  const way = useSelect(session.state, (state) => state.auto.way);
  const words = shared().way;
  if (way === undefined) return null;
  const change = () => {
    session.auto.switch.choose(way === 'real' ? 'try' : 'real');
    // Where it is said when the simulator starts.
    if (way === 'real') scrollTo({ top: 0 });
  };
  return (
    <Button look="quiet" size="small" onClick={change}>
      {way === 'real' ? words.again : words.real}
    </Button>
  );
}

/** The switch of the bell. It is off by default. */
function Ring({ session }: { session: DriverSession }) {
  const isOn = useStore(session.bell);
  return <Switch label={words().ring} checked={isOn} onChange={(on) => session.bell.set(on)} />;
}

interface WorkProps extends Pick<ScannedSlotProps, 'session' | 'driver' | 'isScanning' | 'setIsScanning'> {
  /** The element around the lists. */
  page: RefObject<HTMLElement | null>;
}

function Work({ page, ...scanning }: WorkProps) {
  const { session } = scanning;
  const state = useStore(session.state);
  useGlide(page);
  const isUp = useSelect(session.live.state, (live) => live.isUp);
  const isAway = useSelect(session.live.state, (live) => live.isLost || live.badge.kind === 'offline');
  const isWaiting = useFirstWait(session, state);
  const [scanned, setScanned] = useState<string>();
  useWakeLock(state.onDuty);
  if (isWaiting) return <p className={styles['waiting']}>{words().waiting}</p>;
  return (
    <>
      {state.refused.length > 0 && (
        <Part draw={(parts) => <parts.RefusedList session={session} refused={state.refused} />} />
      )}
      <ScannedSlot {...scanning} state={state} onShown={setScanned} />
      {!state.onDuty && <Part draw={(parts) => <parts.ShiftSummary state={state} />} />}
      <HeldParcelList session={session} state={state} isUp={isUp} />
      {state.images.waiting + state.images.refused.length > 0 && (
        <Part draw={(parts) => <parts.ImageNews session={session} images={state.images} isUp={isUp} />} />
      )}
      <OfferList session={session} state={state} isUp={isUp} isAway={isAway} page={page} scanned={scanned} />
      <div className={styles['more']}>
        <Ring session={session} />
        <Limits isKeeping={state.isKeeping} />
        <WayButton session={session} />
      </div>
    </>
  );
}

/** What is seldom there. Its code is loaded when it is. */
function Part({ draw }: { draw: (parts: Exclude<LoadedProofs, string | undefined>) => ReactNode }) {
  const loaded = useLoaded(loadProofs);
  return typeof loaded === 'object' ? draw(loaded) : null;
}

/**
 * Whether to wait for the first snapshot before drawing the lists, which would move otherwise. With saved parcels the wait
 * is shorter; offline there is none.
 */
function useFirstWait(session: DriverSession, { isKnown, offers, held }: SessionState): boolean {
  const badge = useSelect(session.live.state, (live) => live.badge.kind);
  const isLost = useSelect(session.live.state, (live) => live.isLost);
  const [hasSaved] = useState(offers.length + held.length > 0);
  const isAnswering = badge === 'quiet' || badge === 'live' || (badge === 'connecting' && !hasSaved);
  const isOver = useRef(false);
  isOver.current ||= isKnown || isLost || !isAnswering;
  return !isOver.current;
}

/** Says what this browser cannot do here, if there is something. */
function Limits({ isKeeping }: { isKeeping: boolean }) {
  if (isKeeping && isSecureContext) return null;
  return <Part draw={(parts) => <parts.Limits isKeeping={isKeeping} />} />;
}
