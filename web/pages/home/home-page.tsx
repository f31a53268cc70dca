import { useEffect, useState } from 'react';
import { type KeyedRole, keyedRoles, openedRoles } from '../../app/access-key.ts';
import { useLoaded } from '../../app/hooks.ts';
import { addressesFrom } from '../../app/hub-addresses.ts';
import { UnknownAddressError } from '../../app/hub-info.ts';
import { workPages } from '../../app/pages.ts';
import { Button } from '../../ui/button.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { Shell } from '../../ui/shell.tsx';
import { UnknownAddressNote } from '../../ui/unknown-address-note.tsx';
import { home } from '../../words/home.ts';
import { shared } from '../../words/shared.ts';
import styles from './home-page.module.css';
import { type HubOverview, readHubOverview } from './hub-overview.ts';
import { PageCard, type PageCardProps } from './page-card.tsx';

const askAgainMs = 3_000;

const loadPhoneWay = () => import('./phone-way.tsx');

/** The start page, and the way of a phone to HTTPS, which has no code in what every page starts with. */
export function Page() {
  return location.pathname === '/phone' ? <PhonePage /> : <Start />;
}

function PhonePage() {
  const loaded = useLoaded(loadPhoneWay);
  return (
    <Shell page="home">
      {loaded === 'missing' && <p className={styles['problem']}>{shared().shell.notStarted}</p>}
      {typeof loaded === 'object' && <loaded.PhoneWay />}
    </Shell>
  );
}

function Start() {
  const [around, setAround] = useState<HubOverview>();
  const [failure, setFailure] = useState<unknown>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isStale = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    readHubOverview().then(
      (fresh) => {
        if (!isStale) setAround(fresh);
      },
      (error: unknown) => {
        if (isStale) return;
        setFailure(error);
        // Go on trying, as the other pages do.
        if (error instanceof UnknownAddressError) again = setTimeout(() => setTries(tries + 1), askAgainMs);
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
        {around && <PageLinks around={around} />}
        {!around && failure instanceof UnknownAddressError && <UnknownAddressNote why={failure.message} />}
        {!around && !(failure instanceof UnknownAddressError) && (
          <>
            <PageCards
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
                  {shared().tryAgain}
                </Button>
              </p>
            )}
          </>
        )}
      </div>
    </Shell>
  );
}

function PageLinks({ around: { info, opened } }: { around: HubOverview }) {
  const { access, version } = info;
  const addresses = addressesFrom(location.origin, info.addresses ?? []);
  const needsKey = opened.length === 0;
  const [chosen, setChosen] = useState(0);
  const origin = addresses[chosen] ?? location.origin;
  const words = home();
  return (
    <>
      <PageCards
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
      {info.https?.fingerprint !== undefined && (
        <PhoneLink origin={origin.replace(/^https:/, 'http:')} isDrawn={addresses.length > 0} />
      )}
      {!info.https && isPlain(origin) && (
        <p className={styles['hint']}>
          <PhraseText phrase={words.plainHttp(<code>CAPS_HTTPS</code>)} />
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

/** The way of a phone to HTTPS, which begins over plain HTTP. */
function PhoneLink({ origin, isDrawn }: { origin: string; isDrawn: boolean }) {
  const url = `${origin}/phone`;
  return (
    <div className={styles['phone']}>
      {isDrawn && (
        <img src={`/qr.svg?url=${encodeURIComponent(url)}`} alt={home().code(url)} width={96} height={96} />
      )}
      <p>
        <a href={url}>{home().phone}</a>
        <br />
        <span className={styles['hint']}>{home().phoneWhat}</span>
      </p>
    </div>
  );
}

/** Whether this page, or the address in the QR codes, is no secure context. */
function isPlain(origin: string): boolean {
  return !isSecureContext || /^http:\/\/(?!(localhost|127\.[\d.]+|\[::1\])(:|$))/.test(origin);
}

interface PageCardsProps extends Pick<PageCardProps, 'origin' | 'code'> {
  shown: readonly KeyedRole[];
  needsKey?: boolean;
}

function PageCards({ shown, needsKey = false, origin, code }: PageCardsProps) {
  return (
    <ul className={styles['doors']}>
      {workPages
        .filter(({ role, beside }) => beside === undefined && shown.includes(role))
        .map(({ page, path }) => (
          <PageCard
            key={path}
            name={shared().pages[page]}
            what={home().what[page]}
            path={path}
            beside={workPages
              .filter(({ beside }) => beside === page)
              .map((one) => ({ path: one.path, text: home().what[one.page] }))}
            needsKey={needsKey}
            origin={origin}
            code={code}
          />
        ))}
    </ul>
  );
}
