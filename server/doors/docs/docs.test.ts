import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsIndexSchema } from '../../../protocol/docs-index.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { notesFolder, parts } from './contents.ts';

let hub: RealHub;
beforeAll(async () => {
  hub = await startRealHub();
});
afterAll(() => hub.close());

const folder = fileURLToPath(new URL('../../../docs', import.meta.url));
const documents = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.replaceAll('\\', '/').replace(/\.md$/, ''));
const chapters = parts.flatMap((part) => part.chapters);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
async function ask(path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(hub.url + path, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Where its links and images lead to, as they stand there. */
function linksIn(html: string): string[] {
  return Array.from(html.matchAll(/ (?:href|src)="([^"]+)"/g), ([, link = '']) => link);
}

it('has each document in its contents, once, by itself or with its folder', () => {
  const listed = documents.filter((path) => !path.startsWith(`${notesFolder}/`));
  for (const path of listed) {
    const [top = ''] = path.split('/');
    expect(chapters.filter((chapter) => chapter === path || chapter === top)).toEqual([
      chapters.includes(path) ? path : top,
    ]);
  }
  expect(listed.length).toBeGreaterThan(5);
  expect(new Set(chapters).size).toBe(chapters.length);
});

it('is read from page to page: every document is reached, and no link of any leads nowhere', async () => {
  const reached = new Map<string, string>();
  const coming = ['/docs'];
  const broken: string[] = [];
  const anchors: [from: string, path: string, anchor: string][] = [];
  for (let path = coming.pop(); path !== undefined; path = coming.pop()) {
    const { status, text, headers } = await ask(path);
    expect([path, status]).toEqual([path, 200]);
    reached.set(path, text);
    if (!headers.get('content-type')?.startsWith('text/html') || path === '/docs/api') continue;
    for (const link of linksIn(text).filter((one) => !/^[a-z]+:/.test(one))) {
      const { pathname, hash } = new URL(link, hub.url + path);
      if (hash) anchors.push([path, pathname, decodeURIComponent(hash.slice(1))]);
      if (!link.startsWith('/') && !link.startsWith('#')) broken.push(`${path}: ${link}`);
      if (!reached.has(pathname) && !coming.includes(pathname)) coming.push(pathname);
    }
  }
  for (const [from, path, anchor] of anchors)
    if (!reached.get(path)?.includes(` id="${anchor}"`)) broken.push(`${from}: ${path}#${anchor}`);
  expect(broken).toEqual([]);
  const paths = documents.map((path) => `/docs/${path.replace(/\/index$/, '')}`);
  expect(paths.filter((path) => !reached.has(path))).toEqual([]);
  expect(anchors.length).toBeGreaterThan(50);
});

describe('a page', () => {
  it('has its own title, the contents with its place in them, and the pages before and after', async () => {
    const { text } = await ask('/docs/protocol');
    expect(text).toContain('<title>The protocol · CAPS</title>');
    expect(text.match(/<h1/g)).toHaveLength(1);
    expect(text).toContain('<a href="/docs/protocol" aria-current="page">The protocol</a>');
    expect((await ask('/docs/proxies')).text).toMatch(/rel="prev".*rel="next"/s);
    expect(text).not.toContain('href="/docs/decisions"');
  });

  it('is markup of ours alone, under a policy that lets it ask nobody else', async () => {
    for (const path of ['/docs', '/docs/protocol', '/docs/nowhere']) {
      const { text, headers } = await ask(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/\*|https?:|unsafe|data:|upgrade-insecure-requests/);
      expect(text).not.toMatch(/<script>|<style| style=| on\w+="|<!--/);
    }
  });

  it('is known again by its ETag, and comes compressed', async () => {
    const { headers } = await ask('/docs/protocol', { headers: { 'accept-encoding': 'br' } });
    expect(headers.get('content-encoding')).toBe('br');
    const tag = headers.get('etag') ?? '';
    const again = await ask('/docs/protocol', {
      // Without the second of them, Node asks for it anew.
      headers: { 'accept-encoding': 'br', 'if-none-match': tag, 'cache-control': 'max-age=0' },
    });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('that is not there says so, as a page with the contents', async () => {
    for (const path of ['/docs/nowhere', '/docs/errors/%00', '/docs/%E0%A4%A', '/docs/../package.json']) {
      const { status, text } = await ask(path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toMatch(/"dependencies"/);
    }
    expect((await ask('/docs/nowhere')).text).toMatch(
      /There is no page at this address.*href="\/docs\/protocol"/s,
    );
  });

  it.each([
    ['/docs/', '/docs'],
    ['/docs/protocol.md', '/docs/protocol'],
    ['/docs/protocol/', '/docs/protocol'],
    ['/docs/decisions/0035-rooms.md', '/docs/decisions/0035-rooms'],
  ])('%s leads to %s', async (path, meant) => {
    const { status, headers } = await ask(path);
    expect([status, headers.get('location')]).toEqual([308, meant]);
  });

  it('is read alone', async () => {
    const { status, headers } = await ask('/docs/protocol', { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

it('has an index that the search reads: every heading with its anchor, and the text below it', async () => {
  const { text, headers } = await ask('/docs/search.json');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  const { passages } = docsIndexSchema.parse(JSON.parse(text));
  const found = passages.filter(({ text }) => text.includes('SIGTERM'));
  expect(found.map(({ at }) => at.replace(/#.*/, ''))).toContain('/docs/running');
  expect(passages.find(({ at }) => at === '/docs/protocol#tcp')).toMatchObject({
    page: 'The protocol',
    title: 'TCP',
    text: expect.stringMatching(/CAPS_TCP_PORT(?!`).*PING\./),
  });
  // Notes come behind the chapters.
  const firstNote = passages.findIndex(({ isNote }) => isNote);
  expect(passages.slice(firstNote).every(({ isNote }) => isNote)).toBe(true);
  expect(firstNote).toBeGreaterThan(20);
});
