import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { chromium, defineConfig } from 'playwright/test';

/** Playwright's own Chromium if it is installed, else the machine's. A headless shell takes half the time of a browser. */
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
  // A separate folder, because Playwright empties it.
  outputDir: 'test-results/e2e',
  // Tests mostly wait, and the other suite computes meanwhile, see suites.ts.
  workers: Math.max(3, Math.floor(availableParallelism() / 2)),
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  // Generous, for busy machines; tests of speed have their own limits.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    screenshot: 'only-on-failure',
    // Its installation takes longer than most tests. Tests of it, or without network, allow it.
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
        // There is no GPU, and software drawing needs no GPU process.
        '--disable-gpu',
        // One renderer process per machine: a process is half of a page's cost.
        '--renderer-process-limit=1',
        // A plain-http origin on a local network, which is not a secure context.
        '--host-resolver-rules=MAP 192.168.77.5 127.0.0.1',
      ],
    },
  },
});
