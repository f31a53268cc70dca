import { expect, it } from 'vitest';
import { SimulatedClock } from '../testkit/simulation/clock.ts';
import { readConfig } from './config.ts';
import { siteOf, watchCertificates } from './secure.ts';
import type { Certificates } from './tls/certificates.ts';

/** Browsers trust it for these names. */
function certificatesFor(...names: string[]): Certificates {
  return {
    pair: { cert: '', key: '' },
    handshakes: {},
    root: { bytes: Buffer.of(), fingerprint: 'AB:CD' },
    fault: undefined,
    isExpired: false,
    answerTo: () => undefined,
    isTrustedFor: (name) => names.includes(name),
    onChange: () => {},
    start: () => {},
    close: () => {},
  };
}

it('what a person has to know is told once when it begins, when it gets worse, and when it is over', async () => {
  const clock = new SimulatedClock();
  const said: string[] = [];
  const now: { fault: string | undefined; isExpired: boolean } = { fault: undefined, isExpired: false };
  const end = watchCertificates({
    ...{ certificates: now, clock },
    onFault: (words, isExpired) => said.push(`${isExpired ? 'error' : 'warning'} ${words}`),
    onRight: () => said.push('right'),
  });
  now.fault = 'not renewed. The hub tries again at 10:00 UTC.';
  await clock.advance(30_000);
  now.fault = 'not renewed. The hub tries again at 10:30 UTC.';
  await clock.advance(30_000);
  Object.assign(now, { fault: 'has expired', isExpired: true });
  await clock.advance(30_000);
  now.fault = undefined;
  await clock.advance(30_000);
  expect(said).toEqual([
    'warning not renewed. The hub tries again at 10:00 UTC.',
    'error has expired',
    'right',
  ]);
  end();
  end();
  expect(clock.pending).toBe(0);
});

it('a page is led to HTTPS under the name that browsers trust, and remembered only at the usual port', () => {
  const open = (CAPS_PUBLIC_URL: string) => {
    const site = siteOf(
      readConfig({ CAPS_HTTPS: 'auto', CAPS_PUBLIC_URL }),
      certificatesFor('hub.example.com'),
    );
    if (!site) throw new Error('there is none');
    return site;
  };
  const usual = open('https://hub.example.com');
  expect(usual.info()).toEqual({ url: 'https://hub.example.com', fingerprint: 'AB:CD' });
  expect(usual.secureOrigin('hub.example.com:80')).toBe('https://hub.example.com');
  expect(usual.secureOrigin('192.168.1.5:3000')).toBeUndefined();
  expect(usual.secureOrigin('not a host/')).toBeUndefined();
  expect(usual.isSecureForGood('hub.example.com')).toBe(true);
  expect(usual.isSecureForGood('192.168.1.5')).toBe(false);
  const odd = open('https://hub.example.com:3000');
  expect(odd.secureOrigin('hub.example.com:3000')).toBe('https://hub.example.com:3000');
  expect(odd.isSecureForGood('hub.example.com:3000')).toBe(false);
  const local = siteOf(readConfig({ CAPS_HTTPS: 'auto' }), certificatesFor());
  expect(local?.secureOrigin('localhost:3000')).toBeUndefined();
  expect(local?.info()).toEqual({ fingerprint: 'AB:CD' });
  expect(siteOf(readConfig({}), undefined)).toBeUndefined();
});
