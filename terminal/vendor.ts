/** The terminal program of a shop. */

import { sampleCustomer, sampleOrderId, sampleStore } from '../client/samples.ts';
import { ShopRobot } from '../client/shop-robot.ts';
import { isFinished } from '../protocol/events.ts';
import { id, number } from './options.ts';
import { run } from './program.ts';

const everySecondsUsual = 5;
/** Sends no new orders while so many have no answer. */
const waitingMax = 50;

run({
  name: 'vendor',
  about: 'A shop: sends a sample order every few seconds, and says thank you for each that is delivered.',
  options: {
    store: id('store', 'the store’s id; made up if not given'),
    every: number('seconds', `pause between orders; ${everySecondsUsual} if not given`, 0.05, 86_400, false),
    orders: number('count', 'stop when so many are sent and delivered', 1, 1_000_000, true),
  },
  examples: ['', '--store 1-206-flowers --url http://192.168.1.5:3000', '--tcp localhost:4000 --orders 10'],
  start(work, { store = sampleStore(), every = everySecondsUsual, orders }) {
    const client = work.connect({ role: 'vendor', store });
    /** Sent and not finished. */
    const underway = new Set<string>();
    let [sent, thanked] = [0, 0];

    const order = () => {
      if (sent === orders) return;
      const orderID = sampleOrderId();
      sent += 1;
      underway.add(orderID);
      const payload = { store, orderID, ...sampleCustomer() };
      void client.command({ event: 'pickup', payload }).then((answer) => {
        if (answer.ok || client.state.kind === 'closed') return;
        work.say(`order ${orderID} was refused: ${answer.error.message}`);
        ended(orderID);
      });
    };
    const ended = (orderID: string) => {
      if (underway.delete(orderID) && underway.size === 0 && sent === orders) work.finish();
    };
    const robot = new ShopRobot({
      timers: work.timers,
      isUp: () => client.state.kind === 'live' && client.waiting < waitingMax,
      order,
    });
    robot.start(every * 1_000);
    client.on('state', () => robot.becameLive());
    client.on('events', ({ records }) => {
      for (const record of records) {
        const { orderID, customer } = record.payload;
        if (record.event === 'pickup') work.print(`ordered ${orderID} for ${customer}`, record);
        if (record.event === 'delivered') {
          thanked += 1;
          work.print(`thank you for delivering ${orderID}`, record, 'green');
        }
        if (isFinished(record.status)) ended(orderID);
      }
    });
    work.ending.addEventListener('abort', () => robot.stop());
    return () => `${sent} sent, ${thanked} thanked for`;
  },
});
