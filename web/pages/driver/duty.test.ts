import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { safeSessionStorage } from '../../app/safe-storage.ts';
import { Duty } from './duty.ts';

const hub = { duty: vi.fn() };
const changed = vi.fn();

beforeEach(() => vi.clearAllMocks());
afterEach(() => safeSessionStorage.forget('driver.duty'));

test('a driver starts on duty, and the hub knows it', () => {
  expect(new Duty(hub, changed).isOn).toBe(true);
  expect(hub.duty.mock.calls).toEqual([['on']]);
});

test('a driver who goes off duty stays off duty after a reload', () => {
  const duty = new Duty(hub, changed);
  duty.set(false);
  expect(duty.isOn).toBe(false);
  expect(hub.duty).toHaveBeenLastCalledWith('off');
  expect(changed).toHaveBeenCalledOnce();
  expect(new Duty(hub, changed).isOn).toBe(false);
  expect(hub.duty).toHaveBeenLastCalledWith('off');
});
