import { defineConfig } from 'playwright/test';
import usual from '../playwright.config.ts';
import { tortureVariable } from '../testkit/browser/torture-variable.ts';

// Before the specs are read, here and in the workers, which inherit the environment.
process.env[tortureVariable] = '1';

/** `npm run torture:web`: full length of browser tests that are shorter in `npm test`. */
export default defineConfig({
  ...usual,
  testDir: '.',
  // Those that look with axe, and those whose lengths are of `torture.ts`.
  testMatch: [
    ...['axe-*', 'keys', 'languages', 'log-languages', 'strangers'],
    ...['clocks', 'crash', 'crew', 'docs', 'first-run', 'keyboard', 'line-breaks', 'log-following', 'proof'],
    ...['many-windows', 'proxies', 'stillness', 'vendor'],
  ].map((name) => `${name}.spec.ts`),
  outputDir: '../test-results/e2e-torture',
  reporter: 'list',
});
