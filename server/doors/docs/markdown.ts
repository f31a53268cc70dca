/** Renders one Markdown document as HTML, with anchors for headings and links to pages of the documentation. */

import { Marked, type Token, type Tokens } from 'marked';
import { escaped } from '../../edge/html.ts';

/** Plain text under one heading. */
export interface Section {
  /** The heading's anchor; empty for the text before the second heading. */
  readonly id: string;
  readonly depth: number;
  readonly title: string;
  readonly text: string;
}

export interface RenderedDocument {
  /** The first heading. */
  readonly title: string;
  /** The first sentence. */
  readonly summary: string;
  readonly html: string;
  readonly sections: readonly Section[];
}

/** Target of a link. */
export interface Target {
  readonly href: string;
  /** Title of the target document. */
  readonly title?: string;
}

/** @returns undefined if nothing is served there */
export type Resolve = (href: string) => Target | undefined;

/** @param resolve called with each relative link and image */
export function renderMarkdown(markdown: string, resolve: Resolve): RenderedDocument {
  const anchors = new Anchors();
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const id = anchors.next(textOf(tokens));
        const inner = this.parser.parseInline(tokens);
        // Links must not nest.
        const linked = inner.includes('<a ') ? inner : `<a href="#${id}">${inner}</a>`;
        return depth === 1 ? `<h1>${inner}</h1>\n` : `<h${depth} id="${id}">${linked}</h${depth}>\n`;
      },
      link({ href, title, tokens }) {
        const to = /^(#|\/|[a-z]+:)/i.test(href) ? { href } : resolve(href);
        // A link whose text is a file name shows the page's title instead.
        const isFileName = /^[\w/-]+\.md$/.test(textOf(tokens));
        const inner = isFileName && to?.title ? escaped(to.title) : this.parser.parseInline(tokens);
        // The project's sources are not served: the text names the file.
        if (to === undefined) return `<span title="${escaped(href)}">${inner}</span>`;
        return `<a href="${escaped(to.href)}"${title ? ` title="${escaped(title)}"` : ''}>${inner}</a>`;
      },
      image({ href, text }) {
        const to = resolve(href);
        return to === undefined ? escaped(text) : `<img src="${escaped(to.href)}" alt="${escaped(text)}">`;
      },
      code({ text }) {
        return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
      },
    },
  });
  const tokens = marked.lexer(markdown);
  const html = marked.parser(tokens).replace(/<table>.*?<\/table>/gs, inScroller);
  const sections = sectionsOf(tokens);
  const first = tokens.find((token): token is Tokens.Paragraph => token.type === 'paragraph');
  return {
    title: sections[0]?.title ?? '',
    summary: firstSentence(textOf(first?.tokens ?? [])),
    html,
    sections,
  };
}

/** A wide table scrolls within itself. */
function inScroller(table: string): string {
  // Empty headers are noise for screen readers.
  const headed = table.replace(/<th><\/th>/g, '<td></td>');
  return `<div class="table" role="group" aria-label="Table" tabindex="0">${headed}</div>`;
}

/** Makes anchors like code hosts, so that a link works there and here. */
class Anchors {
  readonly #used = new Map<string, number>();

  next(title: string): string {
    const name = title
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const times = this.#used.get(name) ?? 0;
    this.#used.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  }
}

function sectionsOf(tokens: readonly Token[]): Section[] {
  const anchors = new Anchors();
  const sections: { id: string; depth: number; title: string; texts: string[] }[] = [];
  for (const token of tokens) {
    if (token.type === 'heading') {
      const title = textOf(token.tokens ?? []);
      const id = anchors.next(title);
      sections.push({ id: sections.length === 0 ? '' : id, depth: token['depth'], title, texts: [] });
    } else sections.at(-1)?.texts.push(textOf([token]));
  }
  return sections.map(({ texts, ...section }) => ({
    ...section,
    text: texts.join(' ').replace(/\s+/g, ' ').trim(),
  }));
}

/** Text without markup. */
function textOf(tokens: readonly Token[]): string {
  return tokens.map(textIn).join('');
}

function textIn(token: Token): string {
  switch (token.type) {
    case 'table':
      return [token['header'], ...token['rows']]
        .map((row: Tokens.TableCell[]) => row.map(({ tokens }) => textOf(tokens)).join(' '))
        .join(' ');
    case 'list':
      return token['items'].map(({ tokens }: Tokens.ListItem) => textOf(tokens)).join(' ');
    case 'html':
    case 'hr':
      return '';
    case 'space':
    case 'br':
      return ' ';
    default:
      if ('tokens' in token && token.tokens) return textOf(token.tokens);
      return 'text' in token ? String(token.text) : '';
  }
}

function firstSentence(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return /^.*?[.:!?](?= |$)/.exec(plain)?.[0].replace(/:$/, '.') ?? plain;
}
