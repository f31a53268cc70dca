import { defineConfig } from 'playwright/test';
import usual from '../playwright.config.ts';
import { tortureVariable } from '../testkit/browser/torture.ts';

// Before any worker starts: they have the variables of this process.
process.env[tortureVariable] = '1';

/** `npm run torture:web`: the browser tests that are shorter in `npm test`, at full length. */
export default defineConfig({
  ...usual,
  testDir: '.',
  // Those that look with axe, and those whose lengths are of `torture.ts`.
  testMatch: [
    ...['axe-*', 'docs', 'keys', 'languages', 'log-languages', 'strangers', 'log-following', 'many-windows'],
  ].map((name) => `${name}.spec.ts`),
  outputDir: '../test-results/e2e-torture',
  reporter: 'list',
});
