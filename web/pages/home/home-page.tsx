import { useEffect, useState } from 'react';
import { type KeyedRole, keyedRoles, openedRoles } from '../../app/access-key.ts';
import { TurnedAway } from '../../app/hub-info.ts';
import { Button } from '../../ui/button.tsx';
import { Shell } from '../../ui/shell.tsx';
import { TurnedAwayNote } from '../../ui/turned-away-note.tsx';
import { DoorCard, type DoorCardProps } from './door-card.tsx';
import { type Around, lookAround } from './doors.ts';
import styles from './home-page.module.css';

const askAgainMs = 3_000;

const doors = [
  {
    path: '/vendor',
    role: 'vendor',
    name: 'Vendor',
    what: 'The shop: send orders, watch them go, and say thank you when they arrive.',
  },
  {
    path: '/driver',
    role: 'driver',
    name: 'Driver',
    what: 'A phone in one hand: claim an offer, pick it up, deliver it.',
  },
  {
    path: '/log',
    role: 'admin',
    name: 'Log',
    what: 'Dispatch: every event as it happens, who is connected, and all of the past.',
  },
] as const;

export function HomePage() {
  const [around, setAround] = useState<Around>();
  const [failure, setFailure] = useState<unknown>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isStale = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    lookAround().then(
      (fresh) => {
        if (!isStale) setAround(fresh);
      },
      (error: unknown) => {
        if (isStale) return;
        setFailure(error);
        // As the other pages, which go on connecting.
        if (error instanceof TurnedAway) again = setTimeout(() => setTries(tries + 1), askAgainMs);
      },
    );
    return () => {
      isStale = true;
      clearTimeout(again);
    };
  }, [tries]);

  return (
    <Shell page="CAPS">
      <div className={styles['page']}>
        <div className={styles['intro']}>
          <p className={styles['title']}>Parcels, in step everywhere.</p>
          <p className={styles['lead']}>
            CAPS is a parcel hub: shops send orders, drivers deliver them, and everyone sees each step the
            moment it happens.
          </p>
        </div>
        {around && <Doors around={around} />}
        {!around && failure instanceof TurnedAway && <TurnedAwayNote why={failure.message} />}
        {!around && !(failure instanceof TurnedAway) && (
          <>
            <DoorCards
              shown={openedRoles() ?? keyedRoles}
              origin={location.origin}
              code={failure ? 'none' : 'coming'}
            />
            {failure !== undefined && (
              <p className={styles['problem']}>
                The hub does not answer, so its addresses are not known.{' '}
                <Button
                  size="small"
                  onClick={() => {
                    setFailure(undefined);
                    setTries(tries + 1);
                  }}
                >
                  Try again
                </Button>
              </p>
            )}
          </>
        )}
      </div>
    </Shell>
  );
}

function Doors({ around: { info, opened } }: { around: Around }) {
  const { access, addresses = [], version } = info;
  const needsKey = opened.length === 0;
  const [chosen, setChosen] = useState(0);
  const origin = addresses[chosen] ?? location.origin;
  return (
    <>
      <DoorCards
        shown={needsKey ? keyedRoles : opened}
        needsKey={needsKey}
        origin={origin}
        code={addresses.length > 0 ? 'shown' : 'none'}
      />
      {addresses.length > 0 && (
        <fieldset className={styles['addresses']}>
          <legend>This machine on the network</legend>
          <p className={styles['hint']}>
            Scan a code with a phone on the same network, or type the address on another machine. If a code
            leads nowhere, choose another address.
          </p>
          {addresses.map((address, i) => (
            <label key={address} className={styles['address']}>
              <input type="radio" name="address" checked={i === chosen} onChange={() => setChosen(i)} />
              <span>{address}</span>
            </label>
          ))}
        </fieldset>
      )}
      {isPlain(origin) && (
        <p className={styles['hint']}>
          Over plain HTTP everything works but what browsers keep for HTTPS: opening without network, keeping
          the screen on, copying with one press. To have it, start the hub with <code>CAPS_TLS_CERT</code> and{' '}
          <code>CAPS_TLS_KEY</code>.
        </p>
      )}
      <p className={styles['access']}>
        {access === 'open'
          ? 'Access is open: anyone who can reach this hub may take any role. That is for demos and networks you trust.'
          : keyWords(needsKey)}
      </p>
      {version !== undefined && <p className={styles['version']}>Version {version}</p>}
    </>
  );
}

/** What is opened here, or by a phone that scans a code, is not what browsers call secure. */
function isPlain(origin: string): boolean {
  return !isSecureContext || /^http:\/\/(?!(localhost|127\.[\d.]+|\[::1\])(:|$))/.test(origin);
}

function keyWords(needsKey: boolean): string {
  if (!needsKey) return 'Your key opens what is shown here. Another page needs another key: open its link.';
  return 'Access needs a key. Open the link that you were given; dispatch issues them on the page Log. The very first key is CAPS_ADMIN_KEY, which whoever runs this hub has set.';
}

interface DoorCardsProps extends Pick<DoorCardProps, 'origin' | 'code'> {
  shown: readonly KeyedRole[];
  needsKey?: boolean;
}

function DoorCards({ shown, needsKey = false, origin, code }: DoorCardsProps) {
  return (
    <ul className={styles['doors']}>
      {doors
        .filter(({ role }) => shown.includes(role))
        .map(({ path, name, what }) => (
          <DoorCard key={path} {...{ path, name, what, needsKey, origin, code }} />
        ))}
    </ul>
  );
}
