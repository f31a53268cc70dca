/** The terminal program that prints the log. */

import type { EventName } from '../protocol/events.ts';
import type { CapsRecord } from '../protocol/messages.ts';
import { areOfParcels, matches, parseSearch } from '../protocol/search.ts';
import { dayOf, headOf, rowOf } from './log-columns.ts';
import { flag, text, UsageError } from './options.ts';
import { type Colour, run, type Work } from './program.ts';

const colours: { readonly [E in EventName]?: Colour } = {
  delivered: 'green',
  'attempt-failed': 'yellow',
  returning: 'yellow',
  returned: 'yellow',
  cancelled: 'yellow',
};

/** Prints columns on a terminal, else the lab's format. */
function printer(work: Work, isLab: boolean): (record: CapsRecord) => void {
  const { width } = work;
  if (width === undefined || isLab) {
    return (record) => {
      const { event, time, payload } = record;
      work.printWhole('EVENT', { event, time, payload }, record);
    };
  }
  let day: string | undefined;
  return (record) => {
    const on = dayOf(record);
    if (on !== day) {
      work.say(on);
      work.say(headOf(width()));
    }
    day = on;
    work.print(rowOf(record, width()), record, colours[record.event]);
  };
}

run({
  name: 'log',
  about: 'Every event of the hub as it happens.',
  options: {
    after: text('cursor', 'start after this cursor, which an earlier run printed'),
    'since-start': flag('start with the first event'),
    search: text('words', 'print only matches: words, and event: store: driver: via: order:, - excludes'),
    once: flag('stop when all past events are printed'),
    lab: flag('print EVENT { event, time, payload } on a terminal, too'),
  },
  examples: ['', "--search 'event:delivered -store:red'", '--since-start --once --json > log.jsonl'],
  start(work, { after, 'since-start': sinceStart, search = '', once, lab }) {
    if (after !== undefined && sinceStart) {
      throw new UsageError('--after and --since-start name two places to begin.');
    }
    const terms = parseSearch(search);
    if (areOfParcels(terms))
      throw new UsageError('--search: "is:" says how a parcel is now, and no event does.');
    const client = work.connect({ role: 'admin' }, { after: sinceStart ? '0' : after });
    const print = printer(work, lab);
    let shown = 0;

    client.on('events', ({ records, damaged }) => {
      for (const seq of damaged) work.say(`The hub’s disk has damaged event ${seq}; nobody can read it.`);
      for (const record of records) {
        if (!matches(record, terms)) continue;
        shown += 1;
        print(record);
      }
    });
    client.on('state', ({ kind }) => {
      if (once && kind === 'live') work.finish();
    });
    return () => `${shown} events; go on with --after ${client.cursor ?? '0'}`;
  },
});
