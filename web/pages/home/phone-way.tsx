import { useEffect, useState } from 'react';
import type { HubInfo } from '../../../protocol/rest.ts';
import { fetchHubInfo, UnknownAddressError } from '../../app/hub-info.ts';
import { Button } from '../../ui/button.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { phoneWords as words } from '../../words/phone.ts';
import styles from './phone-way.module.css';
import { secureOrigin } from './secure-origin.ts';
import { StepDrawing, type StepShape } from './step-drawing.tsx';

/** Leads a device to HTTPS: it is told to trust the hub's own authority, and then tried. Works over plain HTTP. */
export function PhoneWay() {
  const [info, setInfo] = useState<HubInfo>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    fetchHubInfo().then(setInfo, setFailure);
  }, []);
  return (
    <div className={styles['page']}>
      {info && <Way info={info} />}
      {failure !== undefined && (
        <p>{failure instanceof UnknownAddressError ? failure.message : words().noAnswer}</p>
      )}
    </div>
  );
}

function Way({ info: { https } }: { info: HubInfo }) {
  if (location.protocol === 'https:') return <Arrived />;
  if (!https) {
    return (
      <>
        <h2>{words().none}</h2>
        <p>
          <PhraseText phrase={words().noneHint(<code>CAPS_HTTPS</code>)} />
        </p>
      </>
    );
  }
  const origin = secureOrigin(location, https);
  if (https.fingerprint === undefined) {
    return (
      <>
        <h2>{words().trusted}</h2>
        <a className={styles['go']} href={origin}>
          {words().goTo(origin)}
        </a>
      </>
    );
  }
  return <Steps origin={origin} fingerprint={https.fingerprint} />;
}

/** This device came by HTTPS. */
function Arrived() {
  return (
    <>
      <h2>{words().arrived}</h2>
      <p>{words().works}</p>
      <a className={styles['go']} href="/">
        {words().toStart}
      </a>
    </>
  );
}

const systems = ['android', 'ios'] as const;
type System = (typeof systems)[number];

const shapes: Readonly<Record<System, readonly StepShape[]>> = {
  android: ['download', 'settings', 'install'],
  ios: ['download', 'install', 'switch'],
};

function Steps({ origin, fingerprint }: { origin: string; fingerprint: string }) {
  const [system, setSystem] = useState<System>(() =>
    /iPhone|iPad|Mac OS X/.test(navigator.userAgent) ? 'ios' : 'android',
  );
  const { systemNames, title, lead, choose } = words();
  return (
    <>
      <h2>{title}</h2>
      <p>{lead}</p>
      <fieldset className={styles['systems']}>
        <legend className={styles['legend']}>{choose}</legend>
        {systems.map((one) => (
          <label key={one} className={styles['system']}>
            <input type="radio" name="system" checked={one === system} onChange={() => setSystem(one)} />
            {systemNames[one]}
          </label>
        ))}
      </fieldset>
      <ol className={styles['steps']}>
        {words().steps[system].map((text, i) => (
          <li key={text} className={styles['step']}>
            <StepDrawing shape={shapes[system][i] ?? 'install'} />
            <div>
              <p>{text}</p>
              {i === 0 && (
                <a className={styles['go']} href="/ca.crt">
                  {words().download}
                </a>
              )}
            </div>
          </li>
        ))}
        <li className={styles['step']}>
          <StepDrawing shape="test" />
          <Test origin={origin} />
        </li>
      </ol>
      <p className={styles['hint']}>{words().limits}</p>
      <details className={styles['hint']}>
        <summary>{words().isItOurs}</summary>
        <p>{words().fingerprintHint}</p>
        <p className={styles['fingerprint']} dir="ltr">
          {fingerprint}
        </p>
      </details>
    </>
  );
}

/** Tries whether this browser trusts the hub, and goes there if it does. */
function Test({ origin }: { origin: string }) {
  const [state, setState] = useState<'idle' | 'trying' | 'failed'>('idle');
  const test = async () => {
    setState('trying');
    try {
      await fetch(`${origin}/phone/check`, { cache: 'no-store' });
      location.assign(`${origin}/phone`);
    } catch {
      // Not trusted; browsers do not say why.
      setState('failed');
    }
  };
  return (
    <div>
      <p>{words().testHint}</p>
      <Button look="main" size="big" onClick={() => void test()}>
        {words().test}
      </Button>
      <p role="status" className={styles['verdict']}>
        {state === 'trying' && words().testing}
        {state === 'failed' && words().notYet}
      </p>
    </div>
  );
}
