import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DriverFixture, keyOfRed } from '../../../testkit/driver-fixture.ts';
import { restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { ShopProfiles } from './shop-profiles.ts';

let driver: DriverFixture;
let shops: ShopProfiles;
const asked: string[] = [];
let answer: unknown;

beforeEach(() => {
  asked.length = 0;
  answer = { name: 'Zoë’s flowers' };
  stubBrowser((path) => {
    asked.push(path);
    return answer;
  });
  driver = new DriverFixture();
  const { client, held, changed } = driver;
  shops = new ShopProfiles({
    driver: 'ana',
    client,
    held,
    claims: { all: [] },
    offers: driver.offers,
    changed,
  });
  changed.mockImplementation(() => shops.readSoon());
  driver.hub.welcome();
  driver.hub.parcels();
});
afterEach(() => {
  driver.close();
  restoreBrowser();
});

const answers = () => vi.advanceTimersByTimeAsync(10);
const hold = (orderID: string) =>
  driver.held.learn(keyOfRed(orderID), { view: viewOfRed(orderID, 'claimed', 2, 'ana') });

test('a shop is asked about once, as the driver, when there is something to collect at it', async () => {
  await answers();
  expect(asked).toEqual([]);
  hold('a');
  hold('b');
  await answers();
  expect(asked).toEqual([expect.stringMatching(/\/api\/stores\/red\?as=driver%3Aana$/)]);
  expect(shops.of('red')).toEqual({ name: 'Zoë’s flowers' });
});

test('what an earlier page has read is there without network, and only of shops that matter is kept', () => {
  shops.restore({ red: { name: 'Red' }, blue: { name: 'Blue' } });
  expect(shops.of('red')).toEqual({ name: 'Red' });
  hold('a');
  expect(shops.saved).toEqual({ red: { name: 'Red' } });
});

test('a shop that could not be asked is asked again over the next connection, and not before', async () => {
  answer = undefined;
  hold('a');
  await answers();
  hold('b');
  await answers();
  expect(asked).toHaveLength(1);
  answer = { name: 'Zoë’s flowers' };
  driver.hub.down();
  await vi.advanceTimersByTimeAsync(5_000);
  driver.hub.welcome();
  driver.hub.parcels();
  await answers();
  expect(asked).toHaveLength(2);
  expect(shops.of('red')).toEqual({ name: 'Zoë’s flowers' });
});
