import { describe, expect, it } from 'vitest';
import type { EventName } from '../../../protocol/events.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { type Actor, apply, authorOf, decide, type Parcel } from '../../../protocol/parcel.ts';
import { viewOf } from '../../../protocol/parcel-view.ts';
import { admin, ana, ben, order, red, step } from '../../../testkit/simulation/cast.ts';
import { type Journey, journeyOf } from './journey.ts';

const start = Date.parse('2026-11-20T18:00:00.000Z');
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();

/** One parcel, moved by the real rules, a minute from step to step. */
class Life {
  readonly records: CapsRecord[] = [];
  parcel: Parcel | undefined;

  constructor(more: object = {}) {
    const placed = order('red', '1');
    this.#take(red, { ...placed, payload: { ...placed.payload, ...more } } as typeof placed);
  }

  do(actor: Actor, event: EventName, details?: object, more: object = {}): this {
    this.#take(actor, step(event, 'red', '1', { ...(details ? { details } : {}), ...more }));
    return this;
  }

  get view(): ParcelView {
    if (!this.parcel) throw new Error('no parcel');
    return viewOf(this.parcel);
  }

  journey(now = start + this.records.length * 60_000): Journey {
    return journeyOf(this.view, this.records, now);
  }

  #take(actor: Actor, command: Parameters<typeof decide>[1]): void {
    const minute = this.records.length;
    const decision = decide(this.parcel, command, actor, start + minute * 60_000);
    if (decision.kind !== 'record') throw new Error(`repeats: ${command.event}`);
    const record: CapsRecord = {
      ...{
        seq: minute + 1,
        event: command.event,
        time: at(minute),
        status: decision.status,
        rev: minute + 1,
      },
      ...{ payload: this.parcel?.payload ?? (command.payload as CapsRecord['payload']) },
      ...(decision.details ? { details: decision.details } : {}),
      ...(command.occurredAt === undefined ? {} : { occurredAt: command.occurredAt }),
      ...{ by: authorOf(actor), via: 'rest' },
    };
    this.parcel = apply(this.parcel, record);
    this.records.push(record);
  }
}

/** `ordered@0 assigned@1* delivered` — reached at minute 0 and 1, the second being the current one. */
function told({ steps }: Journey): string {
  const minuteOf = (moment: string) => `@${(Date.parse(moment) - start) / 60_000}`;
  return steps
    .map(
      ({ name, state, at }) =>
        `${name}${at === undefined ? '' : minuteOf(at)}${state === 'current' ? '*' : ''}`,
    )
    .join(' ');
}

const failed = { reason: 'not-home' };

describe('a customer is told each step', () => {
  it.each<[string, Life, string]>([
    ['ready', new Life(), 'ordered@0* assigned picked-up delivered'],
    ['claimed', new Life().do(ana, 'claimed'), 'ordered@0 assigned@1* picked-up delivered'],
    [
      'in-transit',
      new Life().do(ana, 'claimed').do(ana, 'in-transit'),
      'ordered@0 assigned@1 picked-up@2* delivered',
    ],
    [
      'in-transit',
      new Life().do(ana, 'in-transit'),
      'ordered@0 assigned@1 picked-up@1* delivered', // claimed and collected in one
    ],
    [
      'delivered',
      new Life().do(ana, 'claimed').do(ana, 'in-transit').do(ana, 'delivered'),
      'ordered@0 assigned@1 picked-up@2 delivered@3*',
    ],
    [
      'failed',
      new Life().do(ana, 'in-transit').do(ana, 'attempt-failed', failed),
      'ordered@0 assigned@1 picked-up@1 tried@2* delivered',
    ],
    [
      'in-transit',
      new Life().do(ana, 'in-transit').do(ana, 'attempt-failed', failed).do(ana, 'retried'),
      'ordered@0 assigned@1 picked-up@1 tried@3* delivered',
    ],
    [
      'delivered',
      new Life()
        .do(ana, 'in-transit')
        .do(ana, 'attempt-failed', failed)
        .do(ana, 'retried')
        .do(ana, 'delivered'),
      'ordered@0 assigned@1 picked-up@1 tried@2 delivered@4*',
    ],
    [
      'returning',
      new Life().do(ana, 'in-transit').do(ana, 'returning'),
      'ordered@0 assigned@1 picked-up@1 back@2*',
    ],
    [
      'returned',
      new Life()
        .do(ana, 'in-transit')
        .do(ana, 'attempt-failed', failed)
        .do(ana, 'returning')
        .do(red, 'returned'),
      'ordered@0 assigned@1 picked-up@1 tried@2 back@4*',
    ],
    ['cancelled', new Life().do(red, 'cancelled'), 'ordered@0 cancelled@1*'],
    ['cancelled', new Life().do(ana, 'claimed').do(red, 'cancelled'), 'ordered@0 assigned@1 cancelled@2*'],
    [
      'cancelled',
      new Life()
        .do(ana, 'in-transit')
        .do(ana, 'attempt-failed', failed)
        .do(admin, 'cancelled', { reason: 'x' }),
      'ordered@0 assigned@1 picked-up@1 tried@2 cancelled@3*',
    ],
    ['ready', new Life().do(ana, 'claimed').do(ana, 'released'), 'ordered@0* assigned picked-up delivered'],
    [
      'claimed',
      new Life().do(ana, 'claimed').do(ana, 'released').do(ben, 'claimed'),
      'ordered@0 assigned@3* picked-up delivered',
    ],
    [
      'in-transit',
      new Life().do(ana, 'in-transit').do(admin, 'reassigned', { driver: 'ben', name: 'Ben' }),
      'ordered@0 assigned@1 picked-up@1* delivered',
    ],
  ])('%s', (status, life, steps) => {
    expect(life.journey().status).toBe(status);
    expect(told(life.journey())).toBe(steps);
  });
});

describe('a step that was taken back is gone', () => {
  it.each<[string, Life, Life, rev: number]>([
    ['a claim', new Life(), new Life().do(ana, 'claimed'), 2],
    ['a pick-up', new Life().do(ana, 'claimed'), new Life().do(ana, 'claimed').do(ana, 'in-transit'), 3],
    [
      'a delivery',
      new Life().do(ana, 'in-transit'),
      new Life().do(ana, 'in-transit').do(ana, 'delivered'),
      3,
    ],
    [
      'a failed attempt',
      new Life().do(ana, 'in-transit'),
      new Life().do(ana, 'in-transit').do(ana, 'attempt-failed', failed),
      3,
    ],
    ['a cancellation', new Life().do(ana, 'claimed'), new Life().do(ana, 'claimed').do(red, 'cancelled'), 3],
    [
      'another driver',
      new Life().do(ana, 'claimed'),
      new Life().do(ana, 'claimed').do(admin, 'reassigned', { driver: 'ben', name: 'Ben' }),
      3,
    ],
    [
      'a claim with a note behind it',
      new Life(),
      new Life().do(ana, 'claimed').do(red, 'note', { text: 'second door' }),
      2,
    ],
  ])('%s', (_, before, after, rev) => {
    const now = start;
    after.do(admin, 'corrected', { rev });
    expect(after.journey(now)).toEqual(before.journey(now));
  });

  it('and a step after it counts anew', () => {
    const life = new Life().do(ana, 'in-transit').do(ana, 'delivered').do(ana, 'corrected', { rev: 3 });
    life.do(ana, 'attempt-failed', failed);
    expect(told(life.journey())).toBe('ordered@0 assigned@1 picked-up@1 tried@4* delivered');
  });
});

describe('what is said with it', () => {
  it('who has it, by name alone', () => {
    expect(new Life().do(ana, 'claimed').journey().driver).toBe('Ana');
    expect(new Life().do(ben, 'claimed').journey().driver).toBeUndefined();
    expect(new Life().do(ana, 'claimed').do(ana, 'released').journey().driver).toBeUndefined();
    const given = new Life().do(admin, 'claimed', { driver: 'b-7', name: 'Ben' });
    expect(given.journey().driver).toBe('Ben');
    const nameless = new Life().do({ role: 'driver', driver: 'x', name: ' \u200b' }, 'claimed');
    expect(nameless.journey().driver).toBeUndefined();
  });

  it('nothing but what a customer may know', () => {
    const life = new Life({ phone: 'secret', note: 'secret', margin: 'secret', deep: { a: 'secret' } });
    life.do(ben, 'claimed').do(ben, 'note', { text: 'secret' }).do(ben, 'released', { reason: 'secret' });
    life
      .do({ role: 'driver', driver: 'secret', name: 'Ana' }, 'in-transit')
      .do(red, 'note', { text: 'secret' });
    expect(JSON.stringify(life.journey())).not.toMatch(/secret|ben|seq|rev/);
  });

  it.each([
    [-10, undefined],
    [30, { at: at(30), isLate: false }],
    [0, { at: at(0), isLate: true }],
  ])('by when it is due, while it is to come: %s', (minute, due) => {
    const life = new Life(minute < 0 ? {} : { dueAt: at(minute).replace('Z', '+00:00') });
    expect(life.journey(start + 60_000).due).toEqual(due);
    expect(life.do(ana, 'in-transit').do(ana, 'delivered').journey().due).toBeUndefined();
  });

  it('when its window opens, as long as that is to come', () => {
    const life = new Life({ notBefore: at(30).replace('Z', '+00:00') });
    expect(life.journey(start).opensAt).toBe(at(30));
    expect(life.journey(start + 30 * 60_000).opensAt).toBeUndefined();
    expect(life.do(red, 'cancelled').journey(start).opensAt).toBeUndefined();
  });

  it('when it was done, where a device kept it for later and tells no nonsense', () => {
    const driven = (occurredAt: string) =>
      new Life().do(ana, 'claimed').do(ana, 'in-transit', undefined, { occurredAt }).journey().steps[2]?.at;
    expect(driven(at(1.5))).toBe(at(1.5));
    expect(driven('2026-11-20T19:01:30+01:00')).toBe(at(1.5));
    for (const nonsense of [at(3), at(0.5), '2020-01-01T00:00:00Z']) expect(driven(nonsense)).toBe(at(2));
  });

  it('by the machine’s own clock, where the log’s time stands still', () => {
    const { view, records } = new Life().do(ana, 'claimed').do(ana, 'in-transit');
    const ahead = records.map((record) => ({ ...record, time: at(400 * 1_440), machineTime: record.time }));
    const createdAt = at(400 * 1_440);
    expect(told(journeyOf({ ...view, createdAt }, ahead, start))).toMatch(
      /^ordered@0 assigned@1 picked-up@2\*/,
    );
  });

  it('of many attempts the latest, and how many there were', () => {
    const life = new Life().do(ana, 'in-transit');
    for (let i = 1; i <= 8; i += 1) {
      if (i > 1) life.do(ana, 'retried');
      life.do(ana, 'attempt-failed', { reason: 'other', text: `${i}` });
    }
    const { attempts, attemptsInAll } = life.journey();
    expect([attempts.map(({ text }) => text), attemptsInAll]).toEqual([['4', '5', '6', '7', '8'], 8]);
  });

  it('as much as the latest records tell of a life that is too long', () => {
    const life = new Life().do(ana, 'in-transit').do(ana, 'attempt-failed', failed);
    for (let i = 0; i < 5; i += 1) life.do(red, 'note', { text: `${i}` });
    const journey = journeyOf(life.view, life.records.slice(-3), start);
    expect(told(journey)).toBe('ordered@0 assigned picked-up tried* delivered');
    expect(journey).toMatchObject({ status: 'failed', driver: 'Ana', attempts: [], attemptsInAll: 1 });
  });
});
