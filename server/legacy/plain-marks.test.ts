import { describe, expect, it } from 'vitest';
import { heard, Lab, newId, order } from '../../testkit/contracts/dialect-programs.contract.ts';
import { spellingsOf } from './dialects.ts';
import { marked, wordMarkedOn } from './plain-marks.ts';

const lab = new Lab();
const sent = { store: 'red', orderID: '1', orderId: '1', messageId: '1', customer: 'Hulda', address: 'Pass' };

describe('the order of the keys', () => {
  it.each(spellingsOf('pickup'))('tells that a program got the order as %s', (word) => {
    const got: unknown = JSON.parse(JSON.stringify(marked({ ...sent, order: sent, note: 'x' }, word)));
    expect(got).toEqual({ ...sent, order: sent, note: 'x' });
    expect(wordMarkedOn(got)).toBe(word);
  });

  it.each([
    ['names them itself', sent],
    ['sorts them', Object.fromEntries(Object.entries(sent).toSorted(([a], [b]) => (a < b ? -1 : 1)))],
    ['names fewer', { store: 'red', orderID: '1' }],
    ['sends an id alone', 'red'],
    ['sends nothing', null],
  ])('tells nothing of a program that %s', (_, payload) => {
    expect(wordMarkedOn(payload)).toBeUndefined();
  });
});

describe('a driver who sends back what it got', () => {
  it.each(spellingsOf('pickup'))(
    'and listens for %s gets orders under that alone from then on',
    async (word) => {
      const [shop, driver] = [await lab.socket(), await lab.socket()];
      const said: string[] = [];
      for (const name of spellingsOf('pickup')) driver.on(name, () => said.push(name));
      const [first, second] = [newId(), newId()];
      const told = heard(driver, word, first);
      shop.emit('pickup', order(first));
      driver.emit('in-transit', await told);
      await lab.dispatch.record('in-transit', first);
      said.length = 0;
      const again = heard(driver, word, second);
      shop.emit('pickup', order(second));
      expect(await again).toMatchObject(order(second));
      // Whatever else had been sent of it would have come before this.
      driver.emit('join', 'red');
      await heard(driver, 'joined');
      expect(said).toEqual([word]);
    },
  );

  it('but in its own order of keys goes on getting orders under all spellings', async () => {
    const [shop, driver] = [await lab.socket(), await lab.socket()];
    const [first, second] = [newId(), newId()];
    const told = heard(driver, 'PACKAGE_READY', first);
    shop.emit('pickup', order(first));
    await told;
    driver.emit('in-transit', order(first));
    await lab.dispatch.record('in-transit', first);
    const again = spellingsOf('pickup').map((word) => heard(driver, word, second));
    shop.emit('pickup', order(second));
    for (const one of await Promise.all(again)) expect(one).toMatchObject(order(second));
  });
});
