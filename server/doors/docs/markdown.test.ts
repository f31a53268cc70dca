import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';

const resolve = (href: string) =>
  href === 'other.md#place' ? { href: '/docs/other#place', title: 'The other & more' } : undefined;
const render = (text: string) => renderMarkdown(text, resolve);

describe('a document', () => {
  it('has the anchors that a code host gives the same headings, also where two are called the same', () => {
    const text = '# A\n## Connecting: Socket.IO, namespace `/caps`\n## Übrig & neu\n## Limits\n## Limits\n';
    const { html, sections } = render(text);
    const ids = ['connecting-socketio-namespace-caps', 'übrig--neu', 'limits', 'limits-1'];
    expect(Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id]) => id)).toEqual(ids);
    expect(sections.map(({ id }) => id)).toEqual(['', ...ids]);
  });

  it('links to pages that are served, and only names what is not', () => {
    const { html } = render('[a](other.md#place) [b](../server/app.ts) [c](https://a.example) [d](#here)');
    expect(html).toBe(
      '<p><a href="/docs/other#place">a</a> <span title="../server/app.ts">b</span> <a href="https://a.example">c</a> <a href="#here">d</a></p>\n',
    );
  });

  it('calls a page by its title where the document calls it by its file', () => {
    const { html } = render('[other.md](other.md#place) and [`other.md`](other.md#place)');
    const link = '<a href="/docs/other#place">The other &amp; more</a>';
    expect(html).toBe(`<p>${link} and ${link}</p>\n`);
  });

  it('shows code as it is written, and every table in a frame that scrolls by itself', () => {
    const { html } = render('```sh client=nc\na <b> "c"\n```\n\n| a | |\n|---|---|\n| 1 \\| 2 | `x` |\n');
    expect(html).toContain('<pre tabindex="0"><code>a &lt;b&gt; &quot;c&quot;</code></pre>');
    expect(html).toMatch(
      /<div class="table"[^>]*><table>.*<th>a<\/th>\s*<td><\/td>.*1 \| 2.*<\/table><\/div>/s,
    );
  });

  it('says its title, its first sentence, and the plain text below each heading', () => {
    const { title, summary, sections } = render(
      '# The `protocol`\n\nOne *short* sentence.\nAnother.\n\n## Tables\n\n| a | b |\n|---|---|\n| c | [d](other.md#place) |\n\n- e\n- f\n',
    );
    expect([title, summary]).toEqual(['The protocol', 'One short sentence.']);
    expect(sections.map(({ text }) => text)).toEqual(['One short sentence. Another.', 'a b c d e f']);
  });
});
