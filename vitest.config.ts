import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** A process for each: they start hubs by the dozen, kill them, weigh them, or put something else in a module's place. */
const alone = [
  'proofs/**/*.test.ts',
  'server/main*.test.ts',
  'server/**/*memory.test.ts',
  'server/store/sqlite/part-file.test.ts',
];
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Hubs are started by the hundred: what the first has compiled need not be compiled again.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache') },
    pool: 'forks',
    // Browsers work at the same time, see suites.ts.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    teardownTimeout: 5_000,
    restoreMocks: true,
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['*.test.ts', '{protocol,client,server,terminal,testkit,web}/**/*.test.{ts,tsx}'],
          exclude: alone,
          // What a worker has loaded serves its next file as well: loading takes longer than most of them.
          isolate: false,
          ...timeouts,
        },
      },
      {
        extends: true,
        // Hours, not seconds: `npm run torture`.
        test: { name: 'alone', include: alone, exclude: ['**/*.torture.test.ts'], ...timeouts },
      },
    ],
  },
});
