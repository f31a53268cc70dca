/** The terminal program of a driver. */

import { MoreOffers } from '../client/more-offers.ts';
import { sampleDriver } from '../client/samples.ts';
import type { CapsRecord } from '../protocol/messages.ts';
import { id, number } from './options.ts';
import { run } from './program.ts';
import { Rounds } from './rounds.ts';

/** Asks for more offers below this number. */
const offersWanted = 50;

run({
  name: 'driver',
  about: 'A driver: claims what is ready, at most three at a time, picks it up and delivers it.',
  options: {
    driver: id('driver', 'the driver’s id; made up if not given. The same id resumes its parcels'),
    orders: number('count', 'stop after so many deliveries', 1, 1_000_000, true),
  },
  examples: [
    '',
    '--driver ana --name Ana --url http://192.168.1.5:3000',
    '--driver ben --tcp localhost:4000',
  ],
  start(work, { driver = sampleDriver(), orders = Number.POSITIVE_INFINITY }) {
    const client = work.connect({ role: 'driver', driver });
    let delivered = 0;
    const wantsMore = (inHand: number) => !work.ending.aborted && delivered + inHand < orders;
    const rounds = new Rounds({ driver, client, timers: work.timers, chance: Math.random, wantsMore });
    const more = new MoreOffers({
      client,
      known: () => rounds.offers,
      came: (items) => {
        for (const parcel of items) rounds.takeParcel(parcel);
      },
      changed: () => goOn(),
    });
    const goOn = () => {
      rounds.drive();
      more.want(rounds.offers, offersWanted);
    };

    const tell = (record: CapsRecord) => {
      const { event, payload, by } = record;
      if (by.role !== 'driver' || by.id !== driver) return;
      if (event === 'in-transit') work.print(`picking up ${payload.orderID}`, record, 'cyan');
      if (event !== 'delivered') return;
      work.print(`delivered ${payload.orderID}`, record, 'green');
      delivered += 1;
      if (delivered >= orders) work.finish();
    };
    client.duty('on');
    client.on('reset', () => rounds.forget());
    client.on('parcels', ({ items }) => {
      for (const parcel of items) rounds.takeParcel(parcel);
    });
    client.on('events', ({ feed, records, gone }) => {
      for (const record of records) {
        if (feed === 'own') tell(record);
        if (feed === 'own') rounds.takeRecord(record);
        else rounds.addOffer(record.payload);
      }
      for (const parcel of gone) rounds.removeOffer(parcel);
      goOn();
    });
    client.on('state', goOn);
    work.ending.addEventListener('abort', () => rounds.end());
    return () => {
      client.duty('off');
      const left = rounds.inHand > 0 ? `; ${rounds.inHand} in hand, go on with --driver ${driver}` : '';
      return `off duty, ${delivered} delivered${left}`;
    };
  },
});
