import { beforeEach, expect, it } from 'vitest';
import type { CapsError } from '../../protocol/errors.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { Presence } from '../hub/presence.ts';
import { PlainTalk, type RelayedWord } from './plain-talk.ts';

let talk: PlainTalk;
let heard: RelayedWord[];

beforeEach(() => {
  const clock = new SimulatedClock();
  talk = new PlainTalk(new Presence(clock, () => {}), clock);
  heard = [];
});

const say = (whole: object) => talk.say('tcp', '127.0.0.1', { word: 'hi', args: [1], whole });
const wholeWith = (more: string) => JSON.parse(`{"event":"hi","payload":1,"more":${more}}`) as object;

it('is passed on as it came, as JSON that is written once', () => {
  talk.listen((saying) => heard.push(saying));
  say(wholeWith('"x"'));
  talk.say('socket.io', '127.0.0.1', { word: 'hi', args: [1, 2], whole: undefined });
  expect(heard).toEqual([
    { word: 'hi', args: [1], json: '{"event":"hi","payload":1,"more":"x"}' },
    { word: 'hi', args: [1, 2], json: '{"event":"hi","payload":1}' },
  ]);
});

it.each([
  ['is nested 7,500 deep', 'too-large', '['.repeat(7_500) + ']'.repeat(7_500)],
  ['has 15 kB', 'too-large', JSON.stringify(Array.from({ length: 5 }, () => 'x'.repeat(3_000)))],
  ['has a key called __proto__', 'bad-message', '{"__proto__":{}}'],
])('[S1] nobody hears what beside its payload %s', (_, code, more) => {
  talk.listen((saying) => heard.push(saying));
  expect(() => say(wholeWith(more))).toThrow(expect.objectContaining({ code }) as CapsError);
  expect(heard).toEqual([]);
});

it('[S1] a listener that fails keeps nobody else from hearing', () => {
  const broken = new Error('broken');
  talk.listen(() => {
    throw broken;
  });
  talk.listen((saying) => heard.push(saying));
  expect(() => say(wholeWith('1'))).toThrow(broken);
  expect(heard).toHaveLength(1);
});
