import { type RefObject, useRef, useState } from 'react';
import { keyOf } from '../../app/access-key.ts';
import { useGlide } from '../../app/glide.ts';
import { useResource, useSelect, useStore } from '../../app/hooks.ts';
import { changeName, driverName, startingName } from '../../app/names.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { NamePlate } from '../../ui/name-plate.tsx';
import { Shell } from '../../ui/shell.tsx';
import { StartsSoon } from '../../ui/starts-soon.tsx';
import { Switch } from '../../ui/switch.tsx';
import { driver as words } from '../../words/driver.ts';
import { shared } from '../../words/shared.ts';
import styles from './driver-page.module.css';
import { HeldParcelList } from './held-parcel-list.tsx';
import { OfferList } from './offer-list.tsx';
import { RefusedList } from './refused-list.tsx';
import { Shift } from './shift.ts';
import type { ShiftState } from './shift-state.ts';
import { useWakeLock } from './wake-lock.ts';

export function Page() {
  const [driver, setDriver] = useState(() => startingName(driverName));
  const shift = useResource(() => new Shift(driver), driver);
  const page = useRef<HTMLDivElement>(null);
  return (
    <Shell
      page="driver"
      keepsHeader
      title={shared().titleOf(shared().pages.driver, driver)}
      live={shift?.live}
      announcer={shift?.announcer}
      tools={shift && <Duty shift={shift} />}
    >
      <link rel="manifest" href="/driver.webmanifest" />
      {shift && <UnsavedBanner shift={shift} />}
      {shift && <DutyBanner shift={shift} />}
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
          {shift ? <Auto shift={shift} /> : <AutoPlaceholder />}
        </div>
        {shift && <Work shift={shift} page={page} />}
      </div>
    </Shell>
  );
}

function Duty({ shift }: { shift: Shift }) {
  const onDuty = useSelect(shift.state, (state) => state.onDuty);
  return <Switch label={words().duty.on} checked={onDuty} onChange={(on) => shift.setDuty(on)} />;
}

/** What was done here is nowhere else, and goes with the page. */
function UnsavedBanner({ shift }: { shift: Shift }) {
  const isAtRisk = useSelect(shift.state, (state) => !state.isKeeping && state.unsaved > 0);
  if (!isAtRisk) return null;
  return <Banner tone="trouble">{words().saved.atRisk}</Banner>;
}

/** Going off duty with parcels in hand is allowed, and worth a word: only what was not collected can be released. */
function DutyBanner({ shift }: { shift: Shift }) {
  const onDuty = useSelect(shift.state, (state) => state.onDuty);
  const hasClaimed = useSelect(shift.state, (state) => state.claimed > 0);
  const hasCarried = useSelect(shift.state, (state) => state.carried > 0);
  if (onDuty || !(hasClaimed || hasCarried)) return null;
  const { duty } = words();
  return (
    <Banner
      tone="trouble"
      actions={
        <Button size="small" onClick={() => shift.setDuty(true)}>
          {duty.backOn}
        </Button>
      }
    >
      {hasClaimed && hasCarried ? duty.both : hasCarried ? duty.carried : duty.claimed}
    </Banner>
  );
}

/** As high as the switch that is not there yet, or nothing below it would stay. */
function AutoPlaceholder() {
  return (
    <div className={styles['auto']}>
      <StartsSoon at={undefined} what={words().autoDeliver} onNotNow={() => {}} />
      <span className={styles['switchPlace']} />
    </div>
  );
}

function Auto({ shift }: { shift: Shift }) {
  const auto = useSelect(shift.state, (state) => state.auto);
  if (auto.on === undefined) return <AutoPlaceholder />;
  return (
    <div className={styles['auto']}>
      <StartsSoon at={auto.startsAt} what={words().autoDeliver} onNotNow={() => shift.auto.set(false)} />
      <Switch label={words().autoDeliver} checked={auto.on} onChange={(on) => shift.auto.set(on)} />
    </div>
  );
}

/** Never by itself: a page that sounds unasked is closed. */
function Ring({ shift }: { shift: Shift }) {
  const isOn = useStore(shift.bell);
  return <Switch label={words().ring} checked={isOn} onChange={(on) => shift.bell.set(on)} />;
}

interface WorkProps {
  shift: Shift;
  /** Which these lists stand in. */
  page: RefObject<HTMLElement | null>;
}

function Work({ shift, page }: WorkProps) {
  const state = useStore(shift.state);
  useGlide(page);
  const isUp = useSelect(shift.live.state, (live) => live.isUp);
  const isAway = useSelect(shift.live.state, (live) => live.isLost || live.badge.kind === 'offline');
  const isWaiting = useFirstWait(shift, state);
  useWakeLock(state.onDuty);
  if (isWaiting) return <p className={styles['waiting']}>{words().waiting}</p>;
  return (
    <>
      <RefusedList shift={shift} refused={state.refused} />
      <HeldParcelList shift={shift} state={state} isUp={isUp} />
      <OfferList shift={shift} state={state} isUp={isUp} isAway={isAway} page={page} />
      <div className={styles['more']}>
        <Ring shift={shift} />
        <Limits isKeeping={state.isKeeping} />
      </div>
    </>
  );
}

/**
 * Lists that are drawn before it is known what is in them would move when it is. So the first answer is waited for: for a
 * moment where something was known before, and without network not at all.
 */
function useFirstWait(shift: Shift, { isKnown, offers, inHand }: ShiftState): boolean {
  const badge = useSelect(shift.live.state, (live) => live.badge.kind);
  const isLost = useSelect(shift.live.state, (live) => live.isLost);
  const [hasSaved] = useState(offers.length + inHand.length > 0);
  const isAnswering = badge === 'quiet' || badge === 'live' || (badge === 'connecting' && !hasSaved);
  const isOver = useRef(false);
  isOver.current ||= isKnown || isLost || !isAnswering;
  return !isOver.current;
}

/** One quiet line on what this browser cannot do here. */
function Limits({ isKeeping }: { isKeeping: boolean }) {
  if (!isKeeping) {
    return <p>{words().saved.keepsNothing}</p>;
  }
  if (isSecureContext) return null;
  return <p>{words().saved.needsHttps}</p>;
}
