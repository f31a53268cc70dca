import { describe, expect, it } from 'vitest';
import { CapsError } from '../../protocol/errors.ts';
import { gatewayWordIn, gatewayWords } from './gateway.ts';

const id = '0199e5a0-2222-4000-8000-00000000000a';

describe('a device says', () => {
  it.each([
    [`HELLO, I'M ${id}!`, { kind: 'hello', device: id }],
    [`HELLO, I'M ${id.toUpperCase()}!`, { kind: 'hello', device: id }],
    ['PING.', { kind: 'ping' }],
    ['GOTTA GO.', { kind: 'farewell' }],
    ['SEE YA!', { kind: 'left' }],
    ['SURE, I WILL!', { kind: 'sure' }],
    ['DONE!', { kind: 'done' }],
    ["I CAN'T, SORRY.", { kind: 'sorry' }],
    [
      "REPORT. I'M HERE 45.021561650 8.156484, RESTING AND CHARGED AT 67%.",
      {
        kind: 'report',
        report: { position: { lat: 45.02156165, lon: 8.156484 }, status: 'RESTING', battery: 67 },
      },
    ],
    [
      "FINE. I'M HERE -90 180, RUNNING AND CHARGED AT 0.5%.",
      { kind: 'fine', report: { position: { lat: -90, lon: 180 }, status: 'RUNNING', battery: 0.5 } },
    ],
    [
      "REPORT. I'M HERE -0 1e-7, RUNNING AND CHARGED AT 100%.",
      { kind: 'report', report: { position: { lat: 0, lon: 1e-7 }, status: 'RUNNING', battery: 100 } },
    ],
  ])('%s', (text, word) => {
    expect(gatewayWordIn(text)).toEqual(word);
    expect(JSON.parse(JSON.stringify(gatewayWordIn(text)))).toEqual(word);
    expect(gatewayWords.has(text)).toBe(true);
    expect(gatewayWords.has(text.slice(0, -1))).toBe(false);
  });
});

const told = (lat = '1', lon = '1', status = 'RUNNING', battery = '50') =>
  `REPORT. I'M HERE ${lat} ${lon}, ${status} AND CHARGED AT ${battery}%.`;

describe('the hub says what is wrong with', () => {
  it.each([
    ["HELLO, I'M bob!", /UUID.*"bob"/],
    ["HELLO, I'M !", /UUID/],
    [`HELLO, I'M ${id}`, /UUID/],
    [`HELLO, I'M ${id}0!`, /UUID/],
    ["HELLO, I'M \u202eabc!", /"\\u202eabc"/],
    [told('91'), /latitude.*-90 to 90.*"91"/],
    [told('-90.1'), /latitude/],
    [told('NaN'), /latitude.*"NaN"/],
    [told('Infinity'), /latitude/],
    [told('0x10'), /latitude/],
    [told('1e400'), /latitude/],
    [told('1', '180.5'), /longitude.*-180 to 180/],
    [told('1', '1', 'FLYING'), /RUNNING or RESTING, not "FLYING"/],
    [told('1', '1', 'running'), /"running"/],
    [told('1', '1', 'RUNNING', '101'), /charge.*0 to 100.*"101"/],
    [told('1', '1', 'RUNNING', '-1'), /charge/],
    ['REPORT.', /^A report reads: REPORT\. I'M HERE <lat>/],
    ["FINE. I'M OK.", /^A report reads: FINE\./],
    [`${told()} `, /^A report reads/],
    [told('9'.repeat(400)), /^A report reads/],
  ])('%s', (text, message) => {
    expect(() => gatewayWordIn(text)).toThrow(CapsError);
    expect(() => gatewayWordIn(text)).toThrow(message);
  });

  it.each(['', 'ERROR', 'HELLO', 'hello, i’m', 'REPORT', 'WTF! 13\n72,101', 'done!'])('not “%s”', (text) => {
    expect(gatewayWordIn(text)).toBeUndefined();
    expect(gatewayWords.has(text)).toBe(false);
  });
});
