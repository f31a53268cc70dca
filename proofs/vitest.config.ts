import { defineConfig } from 'vitest/config';

/** `npm run torture`: proofs that are too long for `npm test`. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['{proofs,cluster}/**/*.torture.test.ts'],
    testTimeout: 6 * 60 * 60 * 1_000,
    // Some start a database first.
    hookTimeout: 180_000,
    fileParallelism: false,
    reporters: ['default', './proofs/page-reporter.ts'],
  },
});
