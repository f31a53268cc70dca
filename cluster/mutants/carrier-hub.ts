/**
 * A mutant of the bell proof: a hub for which NOTIFY is the carrier. It reads on when it is rung and never looks by itself,
 * and it believes the number in the ring.
 */

import { PostgresBell } from '../../server/store/postgres/bell.ts';
import { Growth } from '../../server/store/postgres/growth.ts';

const { watch } = Growth.prototype;
const { listen } = PostgresBell.prototype;
let readOn = () => {};
let believed = 0;

Growth.prototype.watch = function watchNothing(this: Growth, listener) {
  readOn = () => listener.grown();
  watch.call(this, {
    grown: () => {},
    replaced: (reason) => listener.replaced(reason),
    away: () => listener.away(),
  });
};

PostgresBell.prototype.listen = function listenAlone(this: PostgresBell) {
  listen.call(this, (seq) => {
    if (seq <= believed) return;
    believed = seq;
    readOn();
  });
};

await import('../../server/main.ts');
