import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lossIn } from './exact-json.ts';

it.each([
  ['{"x":9007199254740993}', 'x'],
  ['{"a":{"list":[1,{"x":-9007199254740993}]}}', 'a.list.1.x'],
  ['{"x":1e400}', 'x'],
  ['{"x":-1E+400}', 'x'],
  ['{"x":1e-400}', 'x'],
  ['{"x":-0}', 'x'],
  ['{"a":[-0.00]}', 'a.0'],
  ['{"x":-0e5}', 'x'],
  ['{"x": 0.1234567890123456789}', 'x'],
  ['{"x":9007199254740993e0}', 'x'],
  ['{"x":1.5e-324}', 'x'],
  ['{"x" : 1, "x\\":" : 2, "x" : 3}', 'x'],
  ['{"x":1,"x":2}', 'x'],
  ['{"x":1,"y":{"x":1},"x":1}', 'x'],
  ['{"a":[[0],{"b":{"x":[],"y":0,"x":{}}}]}', 'a.1.b.x'],
  ['{"x":1,"\\u0078":2}', 'x'],
  ['{"a\\"{":"}","b":"[","a\\"{":0}', 'a"{'],
])('of %s it is said that %s would be lost', (json, field) => {
  expect(lossIn(json, JSON.parse(json))).toMatchObject({ code: 'bad-message', details: { field } });
});

it.each([
  '{}',
  '[]',
  '"{\\"x\\":1,\\"x\\":2}"',
  '{"x":{"x":{"x":1}},"y":[{"x":1},{"x":1}]}',
  '{"x":9007199254740991,"y":1e20,"z":0.1,"n":-0.5,"nought":0e5,"at":[47.606200000000001,-0.30000000000000004,1.0,5e-324],"power":1152921504606847000}',
  '{"x":"x","y":"x","z":"1e400","id":"9007199254740993"}',
  '{"a":["a","a",{"a":"a,"}],"b":"a"}',
])('of %s nothing would be lost', (json) => expect(lossIn(json, JSON.parse(json))).toBeUndefined());

it('whatever JavaScript writes as JSON can be kept', () => {
  fc.assert(
    fc.property(
      fc.json(),
      (json) => lossIn(JSON.stringify(JSON.parse(json)), JSON.parse(json)) === undefined,
    ),
  );
});

it('[S1] neither deep nesting nor long names end it', () => {
  const deep = `${'{"a":['.repeat(4_000)}9007199254740993${']}'.repeat(4_000)}`;
  expect(lossIn(deep, JSON.parse(deep))).toBeUndefined();
  const name = 'x'.repeat(10_000);
  const { message = '' } = lossIn(`{"${name}":1,"${name}":2}`, { [name]: 2 }) ?? {};
  expect(message.length).toBeLessThan(300);
});
