import { beforeEach, expect, it } from 'vitest';
import { CapsError } from '../../../protocol/errors.ts';
import { TcpNotices } from './notices.ts';

let notices: TcpNotices;
/** What dispatch is told, and what the output. */
let told: unknown[];
let faults: unknown[];

beforeEach(() => {
  told = [];
  faults = [];
  notices = new TcpNotices({
    presence: { notice: (...notice) => void told.push(notice) },
    onFault: (error, what) => faults.push([error, what]),
    address: '192.0.2.7',
  });
});

it('a client and dispatch are told what the client did wrong', () => {
  const error = new CapsError('not-json');
  expect(notices.noticed(error)).toBe(error);
  expect(told).toEqual([['refused', 'tcp', error.message, { code: 'not-json', who: '192.0.2.7' }]]);
  expect(faults).toEqual([]);
});

it('a bug is "internal" to its sender and to dispatch; only the output hears what it was', () => {
  const bug = new TypeError('undefined is not a function');
  const answer = notices.noticed(bug);
  expect(answer.code).toBe('internal');
  expect(told).toEqual([['refused', 'tcp', answer.message, { code: 'internal', who: '192.0.2.7' }]]);
  expect(faults).toEqual([[bug, 'a message could not be handled']]);
});

it('a command that cannot be read is no notice yet: the hub’s answer will be', () => {
  expect(notices.known(new CapsError('bad-message')).code).toBe('bad-message');
  expect(told).toEqual([]);
  notices.refused({ code: 'bad-message', message: 'The message is not understood.' });
  const who = '192.0.2.7';
  expect(told).toEqual([['refused', 'tcp', 'The message is not understood.', { code: 'bad-message', who }]]);
});

it('once the client has said who it is, dispatch is told its id and not its address', () => {
  notices.fault('A connection broke off (ECONNRESET).');
  notices.identify('ana');
  notices.fault('A connection broke off (ECONNRESET).');
  expect(told).toEqual([
    ['fault', 'tcp', 'A connection broke off (ECONNRESET).', { who: '192.0.2.7' }],
    ['fault', 'tcp', 'A connection broke off (ECONNRESET).', { who: 'ana' }],
  ]);
});
