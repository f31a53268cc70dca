import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from './json-scanner.ts';

const words: ReadonlySet<string> = new Set(['PING.', 'GOTTA GO.']);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Objects as they are, texts as `text …`, and `!` for what is no message. */
function scan(...chunks: (string | Uint8Array)[]): unknown[] {
  const scanner = new JsonScanner(words);
  return chunks.flatMap((chunk) => told(scanner, typeof chunk === 'string' ? bytes(chunk) : chunk));
}

function told(scanner: JsonScanner, chunk: Uint8Array): unknown[] {
  return scanner.push(chunk).map((one) => {
    if (one.kind === 'object') return one.value;
    return one.kind === 'text' ? `text ${one.text}` : `! ${one.error.code}`;
  });
}

const message = {
  event: 'pickup',
  payload: { store: 'Blumen „Köln“', orderID: '{"}\\"[', customer: '😀 Ida', more: [1, [2, {}], { a: [] }] },
};
const json = JSON.stringify(message);

describe('a message is found', () => {
  it.each([
    ['alone', [json]],
    ['with a newline', [`${json}\n`]],
    ['with CR and LF', [`${json}\r\n`]],
    ['written over several lines', [JSON.stringify(message, null, 2)]],
    ['after white space and a byte order mark', [`\ufeff  \n\n ${json}`]],
  ])('%s', (_, chunks) => expect(scan(...chunks)).toEqual([message]));

  it('cut at every byte', () => {
    const all = bytes(`${json}${json}`);
    for (let at = 0; at <= all.length; at += 1) {
      expect(scan(all.subarray(0, at), all.subarray(at))).toEqual([message, message]);
    }
  });

  it('byte by byte', () => {
    expect(scan(...Array.from(bytes(`${json}\nPING.${json}`), (byte) => Uint8Array.of(byte)))).toEqual([
      message,
      'text PING.',
      message,
    ]);
  });

  it('a thousand in one piece', () => {
    expect(scan(json.repeat(1_000))).toHaveLength(1_000);
  });

  it('mixed with text, however it is cut', () => {
    const parts = fc.oneof(
      fc.jsonValue().map((value) => ({ json: { value } })),
      fc
        .constantFrom('PING.', 'GOTTA GO.', 'ERROR', 'hello', '[1, 2]', '"a"', '5', '}')
        .map((text) => ({ text })),
    );
    const space = fc.constantFrom('\n', '\r\n', '\n \n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(parts, space, fc.boolean())),
        fc.array(fc.nat(40), { minLength: 1 }),
        (sent, cuts) => {
          const text = sent
            .map(([part, end, pretty]) =>
              'json' in part ? JSON.stringify(part.json, null, pretty ? 1 : undefined) : part.text + end,
            )
            .join('');
          const all = bytes(text);
          const chunks: Uint8Array[] = [];
          for (let at = 0, i = 0; at < all.length; i += 1) {
            const size = 1 + (cuts[i % cuts.length] ?? 0);
            chunks.push(all.subarray(at, at + size));
            at += size;
          }
          const expected = sent.map(([part]) => ('json' in part ? part.json : `text ${part.text}`));
          // What JSON itself does not keep, `-0` say, is not this scanner's business.
          expect(scan(...chunks)).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a word', () => {
  it('needs no newline', () => {
    expect(scan('PING.')).toEqual(['text PING.']);
    expect(scan('PI', 'NG.', '\n', 'GOTTA GO.')).toEqual(['text PING.', 'text GOTTA GO.']);
  });
  it('is one only by itself', () => {
    expect(scan('PING. me')).toEqual([]);
    expect(scan('PING. me', '\n')).toEqual(['text PING. me']);
  });
});

describe('[S1] after what is no message, the next one is found', () => {
  const good = '{"good":1}';
  it.each<[string, string | Uint8Array, unknown[]]>([
    ['an object that is no JSON', '{oops}', ['! not-json']],
    ['a string that does not end in its line', '{"a": "b\n', ['! not-json']],
    ['a control character in a string', '{"a": "\u0007"} and more\n', ['! not-json']],
    ['an object that is interrupted by another', '{"a": 1\n', ['! not-json']],
    ['an object in an object’s place of a name', '{{"a": 1}}\n', ['! not-json']],
    ['brackets that cross', '{"a": [}]\n', ['! not-json']],
    ['a list', '[1, 2]\n', ['text [1, 2]']],
    ['a number', '5\n', ['text 5']],
    ['text', 'ERROR\n', ['text ERROR']],
    ['text right before it', 'ERROR', ['text ERROR']],
    ['a bracket too many', '}\n', ['text }']],
    [
      'bytes that are no UTF-8',
      Uint8Array.of(...bytes('{"a":"'), 0xc3, 0x28, ...bytes('"}')),
      ['! not-json'],
    ],
    [
      'half of a UTF-8 character',
      Uint8Array.of(...bytes('{"a":"'), 0xf0, 0x9f, ...bytes('"}')),
      ['! not-json'],
    ],
    ['text that is no UTF-8', Uint8Array.of(0xff, 0xfe, 0x0a), ['text \ufffd\ufffd']],
    ['JSON nested 2,000 deep', `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`, [expect.anything()]],
  ])('%s', (_, bad, expected) => {
    expect(scan(bad, good)).toEqual([...expected, { good: 1 }]);
    const whole = new Uint8Array(Buffer.concat([typeof bad === 'string' ? bytes(bad) : bad, bytes(good)]));
    expect(scan(whole)).toEqual([...expected, { good: 1 }]);
    expect(scan(...Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual([...expected, { good: 1 }]);
  });

  it('whatever the bytes, it does not throw but for a message that is too long', () => {
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.stringMatching(/^[{}[\]",:\\a\n]{0,30}$/).map(bytes),
    );
    fc.assert(
      fc.property(fc.array(chunk), (chunks) => {
        scan(...chunks, '\n');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('[S3] a message that is too long ends it', () => {
  const scanner = () => new JsonScanner(words, 100);
  it.each([
    ['an object', `{"a":"${'x'.repeat(100)}"}`],
    ['an object without an end', `{"a":"${'x'.repeat(100)}`],
    ['text', 'x'.repeat(101)],
    ['text with a newline', `${'x'.repeat(101)}\n`],
    ['what is passed over', `{"a":]${'x'.repeat(101)}`],
  ])('%s', (_, text) => {
    expect(() => scanner().push(bytes(text))).toThrow(/more than 100 bytes/);
    const one = scanner();
    expect(() => {
      for (const byte of bytes(text)) one.push(Uint8Array.of(byte));
    }).toThrow(/more than 100 bytes/);
  });

  it('and one of just that length does not', () => {
    const text = `{"a":"${'x'.repeat(92)}"}`;
    expect(text).toHaveLength(100);
    expect(told(scanner(), bytes(text.repeat(3)))).toHaveLength(3);
  });
});

it('says whether a message has begun', () => {
  const scanner = new JsonScanner(words);
  const pending = (text: string) => {
    scanner.push(bytes(text));
    return scanner.isPending;
  };
  expect(['', ' \n', 'PING.', '{', '}', 'x', '\n', '{"a":]', '\n', '{}'].map(pending)).toEqual([
    ...[false, false, false, true, false, true, false, true, false, false],
  ]);
});
