import { expect, it } from 'vitest';
import { limits } from '../protocol/limits.ts';
import { type Transport, TransportChoice, type TransportMemory } from './transport-choice.ts';

function memoryWith(first?: Transport): TransportMemory & { kept: Transport | undefined } {
  return {
    kept: first,
    read() {
      return this.kept;
    },
    write(transport) {
      this.kept = transport;
    },
  };
}

const firstOf = (choice: TransportChoice): Transport | undefined => choice.next().transports[0];

it('a WebSocket that gets no answer costs one attempt of 3 s, then polling comes, now and on later loads', () => {
  const memory = memoryWith();
  const choice = new TransportChoice(memory);
  expect(choice.next()).toEqual({ transports: ['websocket', 'polling'], openMaxMs: 3_000, mayUpgrade: true });
  choice.timedOut();
  expect(choice.next()).toEqual({
    transports: ['polling', 'websocket'],
    openMaxMs: limits.completeMs,
    mayUpgrade: true,
  });
  choice.worked('polling');
  expect(memory.kept).toBe('polling');
  expect(firstOf(choice)).toBe('polling');
  expect(firstOf(new TransportChoice(memory))).toBe('polling');
});

it('returns to WebSocket for good once an upgrade succeeds', () => {
  const memory = memoryWith('polling');
  const choice = new TransportChoice(memory);
  expect(firstOf(choice)).toBe('polling');
  choice.worked('polling');
  choice.worked('websocket');
  expect(memory.kept).toBe('websocket');
  expect(firstOf(choice)).toBe('websocket');
});

it('waits longer for a WebSocket once one has worked, because a hub that starts answers late', () => {
  const choice = new TransportChoice();
  choice.next();
  choice.worked('websocket');
  expect(choice.next()).toEqual({
    transports: ['websocket', 'polling'],
    openMaxMs: limits.completeMs,
    mayUpgrade: true,
  });
});

it('begins every fourth failed attempt with polling, in case a proxy drops WebSockets at once', () => {
  const choice = new TransportChoice();
  expect(Array.from({ length: 8 }, () => firstOf(choice))).toEqual([
    ...['websocket', 'websocket', 'websocket', 'polling'],
    ...['websocket', 'websocket', 'websocket', 'polling'],
  ]);
});

it('tries WebSocket if the preferred polling gets no answer any more', () => {
  const choice = new TransportChoice(memoryWith('polling'));
  choice.next();
  choice.timedOut();
  expect(firstOf(choice)).toBe('websocket');
  choice.timedOut();
  expect(firstOf(choice)).toBe('polling');
});

it('stays on polling for one connection after an upgrade broke, however many attempts that one takes', () => {
  const choice = new TransportChoice(memoryWith('polling'));
  const mayUpgrade = () => choice.next().mayUpgrade;
  expect(mayUpgrade()).toBe(true);
  choice.worked('polling');
  choice.upgradeBroke();
  expect([mayUpgrade(), mayUpgrade()]).toEqual([false, false]);
  choice.worked('polling');
  expect(mayUpgrade()).toBe(true);
});
