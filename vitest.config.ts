import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.test.ts', '{protocol,client,server,terminal,web,proofs}/**/*.test.{ts,tsx}'],
    // Hours, not seconds: `npm run torture`.
    exclude: ['**/*.torture.test.ts'],
    // Hubs are started by the hundred: what the first has compiled need not be compiled again.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache') },
    // A process per file: tests start hubs, open databases and kill things.
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
    restoreMocks: true,
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'test-results/vitest.json' }]]
      : ['default'],
  },
});
