/** The log in the terminal. */

import { matches, parseSearch } from '../protocol/search.ts';
import { flag, text, UsageError } from './options.ts';
import { run } from './program.ts';

run({
  name: 'log',
  about: 'Every event of the hub as it happens.',
  options: {
    after: text('cursor', 'begin behind this place, as a log that ended has named it'),
    'since-start': flag('begin with the first event there ever was'),
    search: text(
      'words',
      'only what answers to them: words, and event: store: driver: via: order:, - excludes',
    ),
    once: flag('end where the live part would begin'),
  },
  examples: ['', "--search 'event:delivered -store:red'", '--since-start --once --json > log.jsonl'],
  start(work, { after, 'since-start': sinceStart, search = '', once }) {
    if (after !== undefined && sinceStart) {
      throw new UsageError('--after and --since-start name two places to begin.');
    }
    const terms = parseSearch(search);
    const client = work.connect({ role: 'admin' }, { after: sinceStart ? '0' : after });
    let shown = 0;

    client.on('events', ({ records }) => {
      for (const record of records) {
        if (!matches(record, terms)) continue;
        const { event, time, payload } = record;
        shown += 1;
        work.print(`EVENT ${work.show({ event, time, payload })}`, record);
      }
    });
    client.on('state', ({ kind }) => {
      if (once && kind === 'live') work.finish();
    });
    return () => `${shown} events; go on with --after ${client.cursor ?? '0'}`;
  },
});
