/** Somebody who waits for an order, in the terminal. */

import type { CapsRecord, ParcelView } from '../protocol/messages.ts';
import { isFinished } from '../protocol/parcel.ts';
import { fetchOrder } from './fetch-order.ts';
import { id, text, UsageError } from './options.ts';
import { run } from './program.ts';
import { sampleOrderId } from './samples.ts';

run({
  name: 'customer',
  about: 'Follows one order until it is delivered, or places one as its store and waits for it.',
  options: {
    store: id('store', 'where the order is, or is to be placed'),
    order: id('id', 'the order; made up where one is placed without'),
    customer: text('name', 'place an order for this person'),
    address: text('address', 'where it is to go'),
  },
  examples: ['--store red --order 1042', '--store red --customer "Hulda Parker" --address "835 Meluk Pass"'],
  start(work, { store, order, customer, address, url, key }) {
    if (store === undefined) throw new UsageError('--store says where the order is.');
    if ((customer === undefined) !== (address === undefined)) {
      throw new UsageError('--customer and --address go together.');
    }
    if (order === undefined && customer === undefined) {
      throw new UsageError('--order says which one, or --customer and --address place one.');
    }
    const orderID = order ?? sampleOrderId();
    const client = work.connect({ role: 'vendor', store });
    let [rev, said] = [0, ''];

    /** What is older than what was shown is passed over. */
    const show = (step: CapsRecord | ParcelView) => {
      if (step.payload.orderID !== orderID || step.rev <= rev || work.ending.aborted) return;
      rev = step.rev;
      if ('event' in step && step.event === 'note') return;
      const time = 'time' in step ? step.time : step.changedAt;
      const words = [step.status.replace('-', ' '), ...whoOrWhy(step)].join(', ');
      if (words !== said)
        work.print(`${orderID} ${words}`, { store, orderID, status: step.status, rev, time });
      said = words;
      if (isFinished(step.status)) work.finish(step.status === 'delivered' ? undefined : 'never delivered');
    };
    /** The hub tells of open orders by itself. */
    const lookUp = async () => {
      const found = await fetchOrder(url, { store, orderID }, key);
      if (found.kind === 'found') show(found.view);
      else if (rev === 0) work.finish(found.why);
    };
    client.on('parcels', ({ items }) => items.forEach(show));
    client.on('events', ({ records }) => records.forEach(show));
    if (customer === undefined || address === undefined) {
      client.on('state', ({ kind }) => void (kind === 'live' && rev === 0 && lookUp()));
    } else {
      const payload = { store, orderID, customer, address };
      void client.command({ event: 'pickup', payload }).then((answer) => {
        if (!answer.ok) work.finish(`the order was refused: ${answer.error.message}`);
        else if (answer.duplicate) void lookUp();
      });
    }
    return () => '';
  },
});

/** The driver, or what went wrong. */
function whoOrWhy(step: CapsRecord | ParcelView): string[] {
  if (!('event' in step)) return step.holder ? [step.holder.name ?? step.holder.id] : [];
  const { by, details } = step;
  const said = [details?.['reason'], details?.['name'] ?? details?.['driver']];
  const who = by.role === 'driver' ? [by.name ?? by.id] : [];
  return [...who, ...said.filter((word) => typeof word === 'string')];
}
