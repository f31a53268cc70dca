import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { limits, PROTOCOL_VERSION } from './limits.ts';
import { schemas } from './messages.ts';

/** What this number stands for. A number that has been released keeps its hash. */
const pinned = { version: 1, hash: '31bd352e9be49ab6' };

it('the wire is what its protocol number says', () => {
  const shape = Object.entries(schemas).map(([name, schema]) => [name, z.toJSONSchema(schema)]);
  const hash = createHash('sha256').update(stable({ shape, limits })).digest('hex').slice(0, 16);
  expect(
    { version: PROTOCOL_VERSION, hash },
    'Messages or limits have changed. If an older client or hub would misread them, bump PROTOCOL_VERSION and say why ' +
      'in its history in limits.ts; say what changed in docs/protocol.md; then put the new version and hash in `pinned`.',
  ).toEqual(pinned);
});

/** JSON with keys in order, so that moving a line changes nothing. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
