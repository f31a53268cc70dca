import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { limits, PROTOCOL_VERSION } from './limits.ts';
import { schemas } from './messages.ts';

/** Hash of the schemas of this version. A released version keeps its hash. */
const pinned = { version: 1, hash: '80c787d75ef8fa59' };

it('the schemas change only with the protocol version', () => {
  const shape = Object.entries(schemas).map(([name, schema]) => [name, z.toJSONSchema(schema)]);
  const hash = createHash('sha256').update(stable({ shape, limits })).digest('hex').slice(0, 16);
  expect(
    { version: PROTOCOL_VERSION, hash },
    'Messages or limits have changed. If an older client or hub would misread them, bump PROTOCOL_VERSION and say why ' +
      'in its history in limits.ts; say what changed in docs/protocol.md; then put the new version and hash in `pinned`.',
  ).toEqual(pinned);
});

/** JSON with sorted keys, so that moving a line does not change the hash. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
