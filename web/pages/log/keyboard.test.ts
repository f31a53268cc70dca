import { expect, test } from 'vitest';
import { intendedKey } from './keyboard.ts';

const meant = (key: string, code: string, shiftKey = false) => intendedKey({ key, code, shiftKey });

test('Shift makes a capital, and Caps Lock does not', () => {
  expect(meant('g', 'KeyG')).toBe('g');
  expect(meant('G', 'KeyG')).toBe('g');
  expect(meant('G', 'KeyG', true)).toBe('G');
  expect(meant('g', 'KeyG', true)).toBe('G');
});

test('where a keyboard has other letters, the place of the key tells', () => {
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

test('a Latin letter is itself wherever it stands, and so is every other sign and named key', () => {
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
