import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Dial } from '../client/socketio-wire.ts';
import type { FeedName } from '../protocol/messages.ts';
import { AnswerCache } from '../server/hub/answer-cache.ts';
import { Feeds } from '../server/hub/feed.ts';
import { SearchFile } from '../server/store/search/file.ts';
import { forgetful, fullIsLast, offByOne, stale } from '../testkit/simulation/mutants.ts';
import type { Fault } from '../testkit/verdict.ts';
import { type SimulationOptions, simulate } from './simulation-run.ts';

const answers = 300;
/** Most mutants show themselves sooner. */
const fewAnswers = 120;

type Mutant = Omit<SimulationOptions, 'seed' | 'answers'> & { readonly answers?: number };

/** Worlds to try per mutant. */
const worldsMax = 100;

/** A client that does not check for gaps. */
function trusting(dial: Dial): Dial {
  return (handlers) => {
    const upTo = new Map<FeedName, number>();
    return dial({
      ...handlers,
      welcome: (welcome) => {
        upTo.clear();
        handlers.welcome(welcome);
      },
      events: (events) => {
        const prev = upTo.get(events.feed) ?? events.prev;
        upTo.set(events.feed, events.upTo);
        handlers.events({ ...events, prev });
      },
    });
  };
}

/** A disk that a crash resets to the previous crash. */
function lying(): (folder: string) => void {
  let before: Buffer | undefined;
  return (folder) => {
    const file = join(folder, 'caps.sqlite');
    const now = readFileSync(file);
    writeFileSync(file, before ?? now);
    before = now;
  };
}

describe('the simulation catches', () => {
  afterEach(() => vi.restoreAllMocks());

  async function expectCaught(fault: Fault | 'misled', mutant: Mutant, from = 1): Promise<void> {
    const caughtIn: number[] = [];
    for (let seed = from; seed < from + worldsMax && caughtIn.length === 0; seed += 1) {
      const { verdict, misled } = await simulate({ seed, answers: fewAnswers, ...mutant });
      if (fault === 'misled' ? misled.length > 0 : verdict[fault].count > 0) caughtIn.push(seed);
    }
    expect(caughtIn).toHaveLength(1);
  }

  test.each<[string, Fault, Mutant, number?]>([
    ['commands that are not known again', 'duplicate', { breaking: forgetful }, 2],
    ['a cursor that is off by one', 'lost', { breaking: offByOne }],
    ['a claim that is decided on what was', 'doubleClaim', { breaking: stale }],
    ['a client that does not look whether what it hears joins on', 'lost', { breakingClients: trusting }],
    ['a full page that is taken for the last', 'lost', { breaking: fullIsLast }, 2],
    ['a disk that forgets what it had synced', 'lost', { whileDown: lying() }, 3],
  ])('%s', { timeout: 120_000 }, (_, fault, mutant, from) => expectCaught(fault, mutant, from));

  test('a hub that decides a refused command again', { timeout: 120_000 }, () => {
    vi.spyOn(AnswerCache.prototype, 'of').mockReturnValue(undefined);
    // Few worlds have a duplicate that is late enough. This is one.
    return expectCaught('phantom', { answers }, 59);
  });

  test('a cache of recent records that is off by one at its beginning', {
    timeout: 120_000,
  }, () => {
    const { since } = Feeds.prototype;
    vi.spyOn(Feeds.prototype, 'since').mockImplementation(function sinceOneLater(this: Feeds, seq) {
      return since.call(this, seq) ?? since.call(this, seq + 1);
    });
    // In few worlds a client resumes from exactly that place. This is one.
    return expectCaught('lost', { answers }, 86);
  });

  test('a search that skips the record on the border of each part', {
    timeout: 120_000,
  }, () => {
    const { matching } = SearchFile.prototype;
    vi.spyOn(SearchFile.prototype, 'matching').mockImplementation(function matchingAllButOne(
      this: SearchFile,
      match,
      { low, high },
      forwards,
    ) {
      return matching.call(this, match, { low: low + 1, high }, forwards);
    });
    return expectCaught('misled', {});
  });
});
