import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { chromium, defineConfig } from 'playwright/test';

/** Playwright's own Chromium where it is installed, else the machine's: its shell without windows takes half the time. */
function findBrowser(): string {
  const known = [
    chromium.executablePath(),
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const found = known.find((path) => existsSync(path));
  if (found) return found;
  console.error(
    'The browser tests need Chromium: run "npx playwright install chromium" or "apt-get install chromium".',
  );
  process.exit(1);
}

export default defineConfig({
  testDir: 'e2e',
  // A folder of its own, because Playwright empties it.
  outputDir: 'test-results/e2e',
  // Most of them wait most of the time, and the other suite computes meanwhile, see suites.ts.
  workers: Math.max(3, Math.floor(availableParallelism() / 2)),
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  // For machines that do something else as well; what has to be quick says so itself.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    screenshot: 'only-on-failure',
    // Installing it costs more than most tests. Those that are about it, or without network, allow it.
    serviceWorkers: 'block',
    launchOptions: {
      executablePath: findBrowser(),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
        // There is none: what draws in its place need not be a process that plays one.
        '--disable-gpu',
        // A process for each machine and not for each of its pages: half of a page's cost is its process.
        '--renderer-process-limit=1',
        // A plain-http origin of a local network, which is no secure context.
        '--host-resolver-rules=MAP 192.168.77.5 127.0.0.1',
      ],
    },
  },
});
