/** Our hub's clients: shops that publish orders, and readers of the log. */

import { openThinClient } from '../thin-client.ts';
import type { BrokerClients } from './broker.ts';
import { openFrameReader } from './frame-reader.ts';
import { mustAll, pickupOf, shopName } from './orders.ts';

export const capsClients: BrokerClients = {
  async openReader(url, _reader, onRecords) {
    await openFrameReader(url, { protocol: 1, role: 'admin' }, (_feed, prev, upTo) => onRecords(upTo - prev));
  },
  async openPublisher(url, publisher, onAcked) {
    const shop = await openThinClient(url, { protocol: 1, role: 'vendor', store: shopName(publisher) });
    let next = 0;
    return async (count) => {
      const from = next;
      next += count;
      mustAll(await shop.commands(Array.from({ length: count }, (_, i) => pickupOf(publisher, from + i))));
      onAcked(count);
    };
  },
};
