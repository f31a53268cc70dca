import { expect, it } from 'vitest';
import { commonOptions, flag, helpOf, id, number, readOptions, text, UsageError } from './options.ts';

const options = {
  store: id('store', 'its id'),
  every: number('seconds', 'between two', 0.05, 100, false),
  orders: number('count', 'so many', 1, 10, true),
  search: text('words', 'what for'),
  once: flag('only once'),
  ...commonOptions,
};

it('reads given options, and uses defaults for the others', () => {
  expect(readOptions(options, [])).toEqual({
    once: false,
    json: false,
    help: false,
    url: 'http://localhost:3000',
  });
  const args = '--store red --every 0.5 --orders=3 --once --url http://10.0.0.5:3000/log --tcp [::1]:4000';
  expect(readOptions(options, args.split(' '))).toEqual({
    ...{ store: 'red', every: 0.5, orders: 3, once: true, json: false, help: false },
    ...{ url: 'http://10.0.0.5:3000', tcp: { host: '::1', port: 4000 } },
  });
  expect(readOptions(options, ['--search=-event:pickup', '--tcp', 'tcp://hub.local:4000'])).toMatchObject({
    search: '-event:pickup',
    tcp: { host: 'hub.local', port: 4000 },
  });
});

it.each([
  [['--colour'], /^Unknown option '--colour'\.$/],
  [['-x'], /^Unknown option '-x'\.$/],
  [['red'], /^Unexpected argument 'red'\.$/],
  [['--store'], /^Option '--store <value>' argument missing\.$/],
  [['--store', '--once'], /^Option '--store' argument is ambiguous\.$/],
  [['--once=yes'], /^Option '--once' does not take an argument\.$/],
  [['--store', ''], /^--store takes 1 to 128 characters/],
  [['--store', ' red'], /^--store takes/],
  [['--store', 'a\nb'], /^--store takes/],
  [['--store', 'x'.repeat(129)], /^--store takes/],
  [['--name', 'x'.repeat(129)], /^--name takes 1 to 128 characters\.$/],
  [['--search', ' '], /^--search takes/],
  [['--every', 'often'], /^--every takes a number from 0\.05 to 100, not "often"\.$/],
  [['--every', '0'], /^--every takes/],
  [['--every', ''], /^--every takes/],
  [['--every', 'NaN'], /^--every takes/],
  [['--orders', '1.5'], /^--orders takes a whole number from 1 to 10/],
  [['--orders', '11'], /^--orders takes/],
  [
    ['--url', 'localhost:3000'],
    /^--url takes an address like http:\/\/localhost:3000, not "localhost:3000"\.$/,
  ],
  [['--url', '3000'], /^--url takes/],
  [['--tcp', 'localhost'], /^--tcp takes a host and a port like localhost:4000, not "localhost"\.$/],
  [['--tcp', 'localhost:0'], /^--tcp takes/],
  [['--tcp', 'localhost:65536'], /^--tcp takes/],
])('%j is refused in one line', (args, why) => {
  expect(() => readOptions(options, args)).toThrow(UsageError);
  expect(() => readOptions(options, args)).toThrow(why);
});

it('explains each option in one line of the help', () => {
  expect(helpOf('shop', 'A shop.', { store: options.store, once: options.once }, ['', '--store red'])).toBe(
    [
      ...['Usage: npm run shop -- [options]', '', 'A shop.', ''],
      ...['  --store <store>  its id', '  --once           only once', ''],
      ...['Examples:', '  npm run shop', '  npm run shop -- --store red', ''],
      ...['npm prints two lines of its own before all else; npm run --silent does not.', ''],
    ].join('\n'),
  );
});

it('accepts a key as pasted, or in a link', () => {
  const key = `ven_${'x'.repeat(32)}`;
  for (const given of [key, `“${key}”\u200b`, `http://localhost:3000/vendor#key=${key}`]) {
    expect(readOptions(commonOptions, ['--key', given]).key).toBe(key);
  }
  expect(() => readOptions(commonOptions, ['--key', '\u200b'])).toThrow(
    '--key takes an access key, like ven_…',
  );
});
