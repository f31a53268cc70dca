import { useState } from 'react';
import { keyOf } from '../../access-key.ts';
import { useOpened, useSelect, useStore } from '../../hooks.ts';
import { changeName, driverName, startingName } from '../../names.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { NamePlate } from '../../ui/name-plate.tsx';
import { Shell } from '../../ui/shell.tsx';
import { StartsSoon } from '../../ui/starts-soon.tsx';
import { Switch } from '../../ui/switch.tsx';
import styles from './driver-page.module.css';
import { HandList } from './hand-list.tsx';
import { OfferList } from './offer-list.tsx';
import { RefusedList } from './refused-list.tsx';
import { Shift } from './shift.ts';
import { useWakeLock } from './wake-lock.ts';

export function DriverPage() {
  const [driver, setDriver] = useState(() => startingName(driverName));
  const shift = useOpened(() => new Shift(driver), driver);
  return (
    <Shell
      page="Driver"
      keepsHeader
      title={`Driver ${driver}`}
      live={shift?.live}
      announcer={shift?.announcer}
      tools={shift && <Duty shift={shift} />}
    >
      <link rel="manifest" href="/driver.webmanifest" />
      {shift && <UnsavedBanner shift={shift} />}
      {shift && <DutyBanner shift={shift} />}
      <div className={styles['page']}>
        <div className={styles['who']}>
          <NamePlate
            label="Driver name"
            name={driver}
            isFixed={keyOf('driver') !== undefined}
            onChange={(name) => {
              changeName(driverName, name);
              setDriver(name);
            }}
          />
          {shift && <Auto shift={shift} />}
        </div>
        {shift && <Work shift={shift} />}
      </div>
    </Shell>
  );
}

function Duty({ shift }: { shift: Shift }) {
  const onDuty = useSelect(shift.state, (state) => state.onDuty);
  return <Switch label="On duty" checked={onDuty} onChange={(on) => shift.setDuty(on)} />;
}

/** What was done here is nowhere else, and goes with the page. */
function UnsavedBanner({ shift }: { shift: Shift }) {
  const isAtRisk = useSelect(shift.state, (state) => !state.isKeeping && state.unsaved > 0);
  if (!isAtRisk) return null;
  return <Banner tone="trouble">Not saved on this device: keep this page open until it is sent.</Banner>;
}

/** Going off duty with parcels in hand is allowed, and worth a word: only what was not collected can be released. */
function DutyBanner({ shift }: { shift: Shift }) {
  const onDuty = useSelect(shift.state, (state) => state.onDuty);
  const hasClaimed = useSelect(shift.state, (state) => state.claimed > 0);
  const hasCarried = useSelect(shift.state, (state) => state.carried > 0);
  if (onDuty || !(hasClaimed || hasCarried)) return null;
  return (
    <Banner
      tone="trouble"
      actions={
        <Button size="small" onClick={() => shift.setDuty(true)}>
          Back on duty
        </Button>
      }
    >
      You are off duty and still have parcels in hand.{' '}
      {hasCarried && 'Deliver what you carry, or return it to the shop. '}
      {hasClaimed &&
        (hasCarried
          ? 'Release what you have not collected.'
          : 'Pick them up and deliver them, or release them.')}
    </Banner>
  );
}

function Auto({ shift }: { shift: Shift }) {
  const auto = useSelect(shift.state, (state) => state.auto);
  if (auto.on === undefined) return null;
  return (
    <div className={styles['auto']}>
      <StartsSoon at={auto.startsAt} what="Auto deliver" onNotNow={() => shift.auto.set(false)} />
      <Switch label="Auto deliver" checked={auto.on} onChange={(on) => shift.auto.set(on)} />
    </div>
  );
}

/** Never by itself: a page that sounds unasked is closed. */
function Ring({ shift }: { shift: Shift }) {
  const isOn = useStore(shift.bell);
  return <Switch label="Ring for new offers" checked={isOn} onChange={(on) => shift.bell.set(on)} />;
}

function Work({ shift }: { shift: Shift }) {
  const state = useStore(shift.state);
  const isUp = useSelect(shift.live.state, (live) => live.isUp);
  const isAway = useSelect(shift.live.state, (live) => live.isLost || live.badge.kind === 'offline');
  useWakeLock(state.onDuty);
  return (
    <>
      <RefusedList shift={shift} refused={state.refused} />
      <HandList shift={shift} state={state} isUp={isUp} />
      <OfferList shift={shift} state={state} isUp={isUp} isAway={isAway} />
      <div className={styles['more']}>
        <Ring shift={shift} />
        <Limits isKeeping={state.isKeeping} />
      </div>
    </>
  );
}

/** One quiet line on what this browser cannot do here. */
function Limits({ isKeeping }: { isKeeping: boolean }) {
  if (!isKeeping) {
    return (
      <p>This browser keeps nothing for later: leave the page open until everything that you did is sent.</p>
    );
  }
  if (isSecureContext) return null;
  return (
    <p>
      What you do without network is saved. With HTTPS the page would also open without network, keep the
      screen on and copy addresses.
    </p>
  );
}
