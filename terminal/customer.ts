/** The terminal program of a customer: follows one order. */

import { sampleOrderId } from '../client/samples.ts';
import { isFinished } from '../protocol/events.ts';
import { fetchOrder } from './fetch-order.ts';
import { FollowedOrder } from './followed-order.ts';
import { id, option, text, UsageError } from './options.ts';
import { run } from './program.ts';

run({
  name: 'customer',
  about: 'Follows one order until it is delivered, or places one as its store and waits for it.',
  options: {
    track: option('link', 'the link that came with the order, or the token in it', readLink),
    store: id('store', 'the order’s store'),
    order: id('id', 'the order’s id; made up for a new order if not given'),
    customer: text('name', 'place a new order for this person'),
    address: text('address', 'the new order’s address'),
  },
  examples: [
    '--track http://192.168.1.5:3000/track/trk_…',
    '--store red --order 1042',
    '--store red --customer "Hulda Parker" --address "835 Meluk Pass"',
  ],
  start(work, { track, store = '', order, customer, address, url, key }) {
    if (!track) expectWhole(store, order, customer, address);
    const orderID = order ?? sampleOrderId();
    const followed = new FollowedOrder(track ? undefined : orderID, (line, step) => {
      work.print(line, step);
      if (isFinished(step.status))
        work.finish(step.status === 'delivered' ? undefined : 'it was not delivered');
    });
    const client = track
      ? work.connect({ role: 'customer', key: track.token }, track.hub)
      : work.connect({ role: 'vendor', store });
    client.on('parcels', ({ items }) => items.forEach(followed.take));
    client.on('events', ({ records }) => records.forEach(followed.take));
    /** For a finished order, which the snapshot does not include. */
    const lookUp = async () => {
      const found = await fetchOrder(url, { store, orderID }, key);
      if (found.kind === 'found') followed.take(found.view);
      else if (!followed.isKnown) work.finish(found.why);
    };
    if (customer !== undefined && address !== undefined) {
      const payload = { store, orderID, customer, address };
      void client.command({ event: 'pickup', payload }).then((answer) => {
        if (!answer.ok) work.finish(`the order was refused: ${answer.error.message}`);
        else if (answer.duplicate) void lookUp();
      });
    } else if (!track) {
      client.on('state', ({ kind }) => void (kind === 'live' && !followed.isKnown && lookUp()));
    }
    return () => '';
  },
});

function readLink(given: string): { token: string; hub: { url?: string } } {
  const [, token] = /^(?:.*\/track\/)?(trk_[\w-]+)[^\w-]*$/s.exec(given.trim()) ?? [];
  if (!token) throw new UsageError(`takes a link like http://localhost:3000/track/trk_…, not "${given}".`);
  return { token, hub: URL.canParse(given) ? { url: new URL(given).origin } : {} };
}

/** @throws UsageError */
function expectWhole(store: string, order?: string, customer?: string, address?: string): void {
  if (store === '') throw new UsageError('--track or --store says where the order is.');
  if ((customer === undefined) !== (address === undefined)) {
    throw new UsageError('--customer and --address go together.');
  }
  if (order === undefined && customer === undefined) {
    throw new UsageError('--order says which one, or --customer and --address place one.');
  }
}
