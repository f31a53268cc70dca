import { useEffect, useState } from 'react';
import { fetchHubInfo, type HubInfo, TurnedAway } from '../../hub-info.ts';
import { Button } from '../../ui/button.tsx';
import { Shell } from '../../ui/shell.tsx';
import { TurnedAwayNote } from '../../ui/turned-away-note.tsx';
import { DoorCard, type DoorCardProps } from './door-card.tsx';
import styles from './home-page.module.css';

const doors = [
  {
    path: '/vendor',
    name: 'Vendor',
    what: 'The shop: send orders, watch them go, and say thank you when they arrive.',
  },
  {
    path: '/driver',
    name: 'Driver',
    what: 'A phone in one hand: claim an offer, pick it up, deliver it.',
  },
  {
    path: '/log',
    name: 'Log',
    what: 'Dispatch: every event as it happens, who is connected, and all of the past.',
  },
] as const;

export function HomePage() {
  const [info, setInfo] = useState<HubInfo>();
  const [failure, setFailure] = useState<unknown>();
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is the reason to ask again
  useEffect(() => {
    let isStale = false;
    fetchHubInfo().then(
      (fresh) => {
        if (!isStale) setInfo(fresh);
      },
      (error: unknown) => {
        if (!isStale) setFailure(error);
      },
    );
    return () => {
      isStale = true;
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
        {info && <Doors info={info} />}
        {!info && failure instanceof TurnedAway && <TurnedAwayNote why={failure.message} />}
        {!info && !(failure instanceof TurnedAway) && (
          <>
            <DoorCards origin={location.origin} code={failure ? 'none' : 'coming'} />
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

function Doors({ info: { access, addresses = [], version } }: { info: HubInfo }) {
  const [chosen, setChosen] = useState(0);
  const origin = addresses[chosen] ?? location.origin;
  return (
    <>
      <DoorCards origin={origin} code={addresses.length > 0 ? 'shown' : 'none'} />
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
          : 'Access needs a key: ask whoever runs this hub for a link.'}
      </p>
      {version !== undefined && <p className={styles['version']}>Version {version}</p>}
    </>
  );
}

/** What is opened here, or by a phone that scans a code, is not what browsers call secure. */
function isPlain(origin: string): boolean {
  return !isSecureContext || /^http:\/\/(?!(localhost|127\.[\d.]+|\[::1\])(:|$))/.test(origin);
}

function DoorCards({ origin, code }: Pick<DoorCardProps, 'origin' | 'code'>) {
  return (
    <ul className={styles['doors']}>
      {doors.map((door) => (
        <DoorCard key={door.path} {...door} origin={origin} code={code} />
      ))}
    </ul>
  );
}
