import { describe, expect, it } from 'vitest';
import { canonicalPath } from './paths.ts';

const token = 'trk_Ab0_-6789012345678901234567890_-';
const link = `/track/${token}`;

describe('a page is found', () => {
  it.each([
    ['/Vendor', '/vendor'],
    ['/LOG', '/log'],
    ['/driver/', '/driver'],
    ['/driver//', '/driver'],
    ['//driver', '/driver'],
    ['/driver.', '/driver'],
    ['/Driver/).', '/driver'],
    ['/vendor%20', '/vendor'],
    ['/vendor%E2%80%8B', '/vendor'],
    ['/%76endor', '/vendor'],
    ['/Docs/', '/docs'],
    ['/index.html', '/'],
    ['/log.html', '/log'],
    ['/%29', '/'],
  ])('%s is %s', (path, page) => expect(canonicalPath(path)).toBe(page));
});

describe('a tracking link is found', () => {
  it.each([
    ...['.', ',', ')', '>', ';', ':', '!', '"', "'", ']', '}', '*', '=', '|', '/', '_', '-'],
    ...[').', '>,', '”', '’', '»', '…', '。', '）', '%2E', '%29', '%3E', '%22', '%20', '%C2%A0', '%E2%80%9D'],
    ...['&gt;', '&gt', '&quot;).', '&#39;', '&#x27;', '%26gt%3B'],
  ])('with %s behind it', (tail) => expect(canonicalPath(link + tail)).toBe(link));

  it.each([`/Track/${token}`, `/track//${token}`, `/track/trk%5F${token.slice(4)}`, `//track/${token}`])(
    'as %s',
    (path) => expect(canonicalPath(path)).toBe(link),
  );
});

describe('no page is found for', () => {
  it.each([
    '/',
    '/vendor',
    link,
    // Damaged or different tokens.
    link.slice(0, -1),
    `${link.slice(0, -1)}.`,
    `${link}x`,
    `${link}é`,
    `${link}/live`,
    link.toUpperCase(),
    `/track/${token.replace('A', '.')}`,
    '/vendors',
    '/log/deeper',
    '/vendoré',
    '/..%2fsecret.txt',
    '/%',
    '/%E0%A4%A',
    '/vendor%E2%80',
    '/api/orders/',
    '/icon.svg',
    `/vendor${'.'.repeat(1_000)}`,
  ])('%s', (path) => expect(canonicalPath(path)).toBeUndefined());
});
