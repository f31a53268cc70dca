import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Real databases and proxies, started by the tests: `npm run test:cluster`. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['cluster/**/*.test.ts'],
    exclude: ['**/*.torture.test.ts'],
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache') },
    pool: 'forks',
    // Each starts several servers, and mostly waits for them.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 5_000,
    restoreMocks: true,
    reporters: ['default', ['json', { outputFile: 'test-results/cluster.json' }]],
  },
});
