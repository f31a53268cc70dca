import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, expect } from 'playwright/test';
import postcss from 'postcss';
import { parseSync } from 'vite';
import { test } from '../testkit/browser/machines.ts';
import { makeOld } from '../testkit/browser/old-browser.ts';
import { badge, DriverPage, LogPage, ShopPage, TrackPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

test('an order is delivered on iOS 15, Chrome 100 and Firefox 102', async ({ machine, hub }) => {
  const old = async (): Promise<BrowserContext> => {
    const context = await machine({ viewport: { width: 390, height: 844 } });
    await makeOld(context);
    return context;
  };
  const log = new LogPage(await (await old()).newPage());
  await log.page.goto('/log');
  await expect(badge(log.page)).toContainText('Live');
  const shop = await old();
  const vendor = new ShopPage(await shop.newPage());
  await vendor.page.goto('/vendor?store=red&auto=off');
  await expect(badge(vendor.page)).toContainText('Live');
  await vendor.send('Hulda Parker', '835 Meluk Pass');
  const driver = new DriverPage(await (await old()).newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');
  await expect(badge(driver.page)).toContainText('Live');
  const [orderID = ''] = (await hub.orders('red')).map(({ payload }) => payload.orderID);
  await driver.claim(orderID);

  await vendor.press(orderID, 'Track');
  const dialog = vendor.page.getByRole('dialog', { name: new RegExp(`^Tracking link of .* · ${orderID}$`) });
  await expectSeen(dialog.getByRole('button', { name: 'Close' }));
  const path = new URL((await dialog.getByRole('link').getAttribute('href')) ?? '').pathname;
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toHaveCount(0);
  const track = new TrackPage(await shop.newPage());
  await track.page.goto(path);
  await expect(track.link).toHaveText('Live');

  await driver.take(orderID, 'Picked up', 'Delivered');
  await expect(track.now).toContainText('Delivered');
  await expect(vendor.order(orderID)).toContainText('Delivered');
  // On a phone the form is above the orders.
  await vendor.order(orderID).scrollIntoViewIfNeeded();
  await expectSeen(vendor.order(orderID));
  await expect.poll(() => log.life(orderID)).toEqual(['pickup', 'claimed', 'in-transit', 'delivered']);
  const home = await (await old()).newPage();
  await home.goto('/');
  await expectSeen(home.getByRole('link', { name: /vendor/i }).first());

  for (const page of [log.page, vendor.page, driver.page, track.page, home]) {
    const width = await page.evaluate(() => document.scrollingElement?.scrollWidth);
    expect.soft(width, `width of ${page.url()}`).toBeLessThanOrEqual(390);
  }
});

test('themes work in browsers without light-dark()', async ({ machine }) => {
  const context = await machine({ colorScheme: 'dark' });
  await makeOld(context);
  const page = await context.newPage();
  await page.goto('/log');
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await expect.poll(ground).toBe('rgb(14, 17, 22)');
  await page.getByLabel('Theme').selectOption('light');
  await expect.poll(ground).toBe('rgb(243, 245, 248)');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByLabel('Theme').selectOption('dark');
  await expect.poll(ground).toBe('rgb(14, 17, 22)');
  await page.getByLabel('Theme').selectOption('system');
  await expect.poll(ground).toBe('rgb(243, 245, 248)');
});

test('a page whose script does not start says what it needs', async ({ machine, troubles }) => {
  // A syntax error has no stack.
  troubles.expect(/^uncaught: $/);
  const context = await machine();
  await context.route('**/assets/index-*.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '(?' }),
  );
  const scriptless = await machine({ javaScriptEnabled: false });
  for (const page of [await context.newPage(), await scriptless.newPage()]) {
    await page.goto('/driver');
    const sentence = page.getByText('It needs JavaScript and iOS 15, Safari 15, Chrome 100, Firefox 102');
    await expectSeen(sentence);
  }
});

// ---- built files ----

const dist = join(import.meta.dirname, '../dist');
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
const built = (ending: string) =>
  files
    .filter((name) => name.endsWith(ending))
    .map((name) => [name, readFileSync(join(dist, name), 'utf8')] as const);

/** Features without a polyfill. tsconfig.json does not check packages. */
const newerWords: readonly RegExp[] = [
  /\b(Array\.fromAsync|Promise\.try|RegExp\.escape|AbortSignal\.(any|timeout)|URL\.(canParse|parse))\(/,
  /\.(isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\(/,
  /\.(values|keys|entries)\(\)\.(map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(/,
  /\bcrypto\.randomUUID\(/,
  /new Worker\([^;]*type:\s*[`'"]module/,
];

/** Syntax that fails at load: lookbehind does until Safari 16.4. */
function newerScript(name: string, text: string): string[] {
  const found = newerWords.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
  const { program, errors } = parseSync(name, text);
  for (const { message } of errors) found.push(message);
  JSON.stringify(program, (key, value) => {
    if (key === 'regex' && typeof value?.pattern === 'string') {
      const { pattern, flags } = value;
      if (/\(\?<[=!]|\(\?[ims]*-?[ims]*:(?<!\(\?:)/.test(pattern) || /v/.test(flags))
        found.push(`/${pattern}/${flags}`);
    }
    if (value?.type === 'StaticBlock') found.push('static {');
    return typeof value === 'bigint' ? String(value) : value;
  });
  return found;
}

test('no built script has syntax that the oldest browsers cannot parse', () => {
  const scripts = built('.js');
  expect(scripts.length).toBeGreaterThan(10);
  for (const [name, text] of scripts) expect.soft(newerScript(name, text), name).toEqual([]);
  for (const text of ['/(?<=a)b/', '/(?<!a)b/', '/[a--b]/v', '/(?i:a)/', 'class A{static{b()}}']) {
    expect.soft(newerScript('a.js', text), text).toHaveLength(1);
  }
  expect(newerScript('a.js', '/(?:a)(?=b)(?<c>d)/giu.test(Object.groupBy)')).toEqual([]);
});

test('no built style sheet has features without a fallback for the oldest browsers', () => {
  const sheets = built('.css');
  expect(sheets.length).toBeGreaterThan(5);
  for (const [name, text] of sheets) expect.soft(newerStyles(text), name).toEqual([]);
});

test('the check of style sheets finds each such feature', () => {
  for (const sheet of [
    'a{color:light-dark(red,blue)}',
    '@layer a{b{color:red}}',
    'a{b{color:red}}',
    'a{background:color-mix(in srgb,red 10%,blue)}',
    'a{height:100dvh}',
    'a,b:has(c){color:red}',
    '@container (max-width:3px){a{color:red}}',
    '@media (width>=3px){a{color:red}}',
  ]) {
    expect.soft(newerStyles(sheet), sheet).toHaveLength(1);
  }
});

/** Features that need a fallback beside them. */
function newerStyles(text: string): string[] {
  const found: string[] = [];
  const root = postcss.parse(text);
  const supports = (node: postcss.Node, what: string): boolean => {
    for (let at: postcss.Node | undefined = node.parent; at; at = at.parent) {
      if (at instanceof postcss.AtRule && at.name === 'supports' && at.params.includes(what)) return true;
      if (at instanceof postcss.AtRule && at.name === 'keyframes') return true;
    }
    return false;
  };
  root.walk((node) => {
    if (node instanceof postcss.AtRule) {
      const { name, params } = node;
      if (/^(layer|scope|property|starting-style)$/.test(name)) found.push(`@${name}`);
      if (name === 'media' && /[<>]/.test(params)) found.push(`@media ${params}`);
      const twin = node.next();
      const hasTwin = twin instanceof postcss.AtRule && twin.params.includes('not (container-type');
      if (name === 'container' && !hasTwin) found.push(`@container ${params}`);
    } else if (node instanceof postcss.Rule) {
      if (node.parent instanceof postcss.Rule) found.push(`nested ${node.selector}`);
      const newer = node.selectors.filter((one) => /:(has|dir|modal|user-invalid|popover-open)\b/.test(one));
      if (newer.length > 0 && newer.length < node.selectors.length) found.push(node.selector);
    } else if (node instanceof postcss.Declaration) {
      const { value } = node;
      if (value.includes('light-dark(')) found.push(String(node));
      if (value.includes('color-mix(') && !supports(node, 'color-mix')) found.push(String(node));
      if (/\d[dsl]v[hwib]\b/.test(value) && !supports(node, 'dvh')) found.push(String(node));
    }
  });
  return found;
}
