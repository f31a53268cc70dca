import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';

let hub: RealHub;
beforeAll(async () => {
  hub = await startRealHub();
});
afterAll(() => hub.close());

type Paths = Record<string, Record<string, unknown>>;
const paths = async (): Promise<Paths> =>
  ((await (await fetch(`${hub.url}/openapi.json`)).json()) as { paths: Paths }).paths;
const filled = (path: string): string => path.replace(/\{\w+\}/g, 'x');

describe('/openapi.json', () => {
  it('says of each path which methods it knows, as the hub itself does', async () => {
    for (const [path, operations] of Object.entries(await paths())) {
      const { status, headers } = await fetch(hub.url + filled(path), { method: 'OPTIONS' });
      const known = Object.keys(operations).map((method) => method.toUpperCase());
      const all = [...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');
      expect([path, status, headers.get('allow')]).toEqual([path, 204, all]);
    }
  });
});

describe('/docs/api', () => {
  it('is made of files of this hub alone, under a policy that lets it ask nobody else', async () => {
    const page = await fetch(`${hub.url}/docs/api`);
    const html = await page.text();
    const all = Array.from(html.matchAll(/(?:src|href)="([^"]+)"/g), ([, file = '']) => file);
    // The ways back, and the mark of all pages.
    const files = all.filter((file) => !['/', '/docs', '/icon.svg'].includes(file));
    expect(files).toHaveLength(5);
    for (const file of files) {
      expect(file).toMatch(/^\/docs\/[\w.-]+$/);
      const response = await fetch(hub.url + file);
      expect([file, response.status]).toEqual([file, 200]);
      await response.arrayBuffer();
    }
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/\*|https?:|unsafe|upgrade-insecure-requests/);
    expect(html).not.toMatch(/<script>|<style|style=|https?:/);
  });

  it.each([
    '/docs/',
    '/docs/../package.json',
    '/docs/%2e%2e%2fpackage.json',
    '/docs/index.html',
    '/docs/package.json',
  ])('gives out nothing else: %s', async (path) => {
    const text = await (await fetch(hub.url + path)).text();
    expect(text).not.toMatch(/swagger-ui-dist|"dependencies"|petstore/);
  });
});
