import { expect, test } from 'vitest';
import { intendedKey } from './keyboard.ts';

const meant = (key: string, code: string, shiftKey = false) => intendedKey({ key, code, shiftKey });

test('Shift decides about capitals, Caps Lock does not', () => {
  expect(meant('g', 'KeyG')).toBe('g');
  expect(meant('G', 'KeyG')).toBe('g');
  expect(meant('G', 'KeyG', true)).toBe('G');
  expect(meant('g', 'KeyG', true)).toBe('G');
});

test('on a keyboard without Latin letters the physical key decides', () => {
  // Russian, Greek, Hebrew, Arabic.
  expect(meant('п', 'KeyG')).toBe('g');
  expect(meant('П', 'KeyG', true)).toBe('G');
  expect(meant('Π', 'KeyP')).toBe('p');
  expect(meant('ξ', 'KeyJ')).toBe('j');
  expect(meant('ע', 'KeyG')).toBe('g');
  expect(meant('.', 'Slash')).toBe('/');
  expect(meant(',', 'Slash', true)).toBe('?');
  expect(meant('ظ', 'Slash')).toBe('/');
});

test('Latin letters, other characters and named keys mean themselves, whatever the physical key', () => {
  // Dvorak, German, French.
  expect(meant('g', 'KeyU')).toBe('g');
  expect(meant('z', 'Slash')).toBe('z');
  expect(meant('-', 'Slash')).toBe('-');
  expect(meant('/', 'Digit7', true)).toBe('/');
  expect(meant('?', 'KeyM', true)).toBe('?');
  expect(meant('.', 'Period')).toBe('.');
  for (const name of ['Enter', 'ArrowDown', 'Escape', 'Dead', 'Process'])
    expect(meant(name, 'KeyG')).toBe(name);
  expect(meant(' ', 'Space')).toBe(' ');
});
