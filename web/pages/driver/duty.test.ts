import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { safeSessionStorage } from '../../app/safe-storage.ts';
import { Duty } from './duty.ts';

const hub = { duty: vi.fn() };
const began = vi.fn();
const changed = vi.fn();

beforeEach(() => vi.clearAllMocks());
afterEach(() => safeSessionStorage.forget('driver.duty'));

test('a driver starts on duty, and the hub knows it', () => {
  expect(new Duty(hub, began, changed).isOn).toBe(true);
  expect(hub.duty.mock.calls).toEqual([['on']]);
});

test('a driver who goes off duty stays off duty after a reload', () => {
  const duty = new Duty(hub, began, changed);
  duty.set(false);
  expect(duty.isOn).toBe(false);
  expect(hub.duty).toHaveBeenLastCalledWith('off');
  expect(changed).toHaveBeenCalledOnce();
  expect(new Duty(hub, began, changed).isOn).toBe(false);
  expect(hub.duty).toHaveBeenLastCalledWith('off');
});

test('a shift begins when a driver goes on duty, not with the page', () => {
  const duty = new Duty(hub, began, changed);
  duty.set(true);
  duty.set(false);
  expect(began).not.toHaveBeenCalled();
  duty.set(true);
  expect(began).toHaveBeenCalledOnce();
});
