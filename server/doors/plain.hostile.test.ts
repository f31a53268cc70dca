/** What is sent to do harm: plain clients still hear what they should, and the hub goes on. */

import { expect, it } from 'vitest';
import { about, heard, Lab, newId, order } from './dialect-programs.contract.ts';

const lab = new Lab();

/** By somebody who is no plain client. */
async function post(body: object): Promise<number> {
  const { status } = await fetch(`${lab.hub.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return status;
}

it('[S1] an order of our API that looks as if the hub had put it away reaches plain clients as it is', async () => {
  const [terminal, web] = [await lab.program(), await lab.socket()];
  terminal.send({ event: 'getall', payload: {} });
  const id = newId();
  const sent = { ...order(id), given: { a: '007' }, givenNumbers: [['a']] };
  const told = heard(web, 'pickup', id);
  expect(await post(sent)).toBe(201);
  expect(await told).toMatchObject({ ...sent, orderId: id });
  expect(await terminal.hears(about('pickup', id))).toMatchObject({ payload: sent });
  const late = await lab.socket();
  const offered = heard(late, 'pickup', id);
  late.emit('getall');
  expect(await offered).toMatchObject(sent);
});

it('a shop’s own part called given does not put another’s order in the place of its own', async () => {
  const web = await lab.socket();
  const id = newId();
  const sent = { ...order(id), given: order('77', 'blue') };
  const told = heard(web, 'pickup', id);
  expect(await post(sent)).toBe(201);
  expect(await told).toMatchObject({ ...sent, orderId: id });
});
