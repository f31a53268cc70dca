import { useEffect, useState } from 'react';
import { type KeyedRole, keyedRoles, openedRoles } from '../../app/access-key.ts';
import { TurnedAway } from '../../app/hub-info.ts';
import { workPages } from '../../app/pages.ts';
import { Button } from '../../ui/button.tsx';
import { Said } from '../../ui/said.tsx';
import { Shell } from '../../ui/shell.tsx';
import { TurnedAwayNote } from '../../ui/turned-away-note.tsx';
import { home } from '../../words/home.ts';
import { shared } from '../../words/shared.ts';
import { DoorCard, type DoorCardProps } from './door-card.tsx';
import { type Around, lookAround } from './doors.ts';
import styles from './home-page.module.css';

const askAgainMs = 3_000;

export function Page() {
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
    <Shell page="home">
      <div className={styles['page']}>
        <div className={styles['intro']}>
          <p className={styles['title']}>{home().title}</p>
          <p className={styles['lead']}>{home().lead}</p>
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
                {home().noAnswer}{' '}
                <Button
                  size="small"
                  onClick={() => {
                    setFailure(undefined);
                    setTries(tries + 1);
                  }}
                >
                  {home().tryAgain}
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
  const words = home();
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
          <legend>{words.addresses}</legend>
          <p className={styles['hint']}>{words.scan}</p>
          {addresses.map((address, i) => (
            <label key={address} className={styles['address']}>
              <input type="radio" name="address" checked={i === chosen} onChange={() => setChosen(i)} />
              <bdi>{address}</bdi>
            </label>
          ))}
        </fieldset>
      )}
      {isPlain(origin) && (
        <p className={styles['hint']}>
          <Said phrase={words.plainHttp(<code>CAPS_TLS_CERT</code>, <code>CAPS_TLS_KEY</code>)} />
        </p>
      )}
      <p className={styles['access']}>
        {access === 'open' ? words.open : needsKey ? words.noKey : words.keyed}
      </p>
      <p className={styles['version']}>
        {version !== undefined && <>{words.version(version)} · </>}
        <a href="/docs" hrefLang="en">
          {words.documentation}
        </a>
      </p>
    </>
  );
}

/** What is opened here, or by a phone that scans a code, is not what browsers call secure. */
function isPlain(origin: string): boolean {
  return !isSecureContext || /^http:\/\/(?!(localhost|127\.[\d.]+|\[::1\])(:|$))/.test(origin);
}

interface DoorCardsProps extends Pick<DoorCardProps, 'origin' | 'code'> {
  shown: readonly KeyedRole[];
  needsKey?: boolean;
}

function DoorCards({ shown, needsKey = false, origin, code }: DoorCardsProps) {
  return (
    <ul className={styles['doors']}>
      {workPages
        .filter(({ role }) => shown.includes(role))
        .map(({ page, path }) => (
          <DoorCard
            key={path}
            name={shared().pages[page]}
            what={home().what[page]}
            {...{ path, needsKey, origin, code }}
          />
        ))}
    </ul>
  );
}
