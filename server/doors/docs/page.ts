/** Templates of the documentation's pages, and the parts that fill the built shell. */

import { filledWith, Html, html } from '../../edge/html.ts';
import { notesFolder } from './contents.ts';
import type { Library, Page } from './library.ts';
import type { Section } from './markdown.ts';
import { schemaNames } from './schemas.ts';

/** Documents for programs, and the page to try REST out. */
const machineReadable = [
  { href: '/docs/api', title: 'REST', summary: 'Every call, to read and to try.' },
  { href: '/openapi.json', title: 'OpenAPI', summary: 'REST and SSE, for tools.' },
  { href: '/asyncapi.json', title: 'AsyncAPI', summary: 'Socket.IO and TCP, for tools.' },
] as const;

export interface PageParts {
  readonly title: string;
  readonly contents: Html;
  readonly page: Html;
}

/** @param shell the built page with placeholders */
export function filled(shell: string, { title, contents, page }: PageParts): string {
  return filledWith(shell, { title, contents, page });
}

/** The start page: all chapters, each with its first sentence. */
export function startPage(library: Library): PageParts {
  const list = library.contents().map(
    ({ title, chapters }) =>
      html`<section><h2 class="part">${title}</h2><ul class="chapters">${chapters.map((page) => {
        const { title: name, summary } = library.render(page);
        return html`<li><a href="/docs/${page.path}">${name}</a><span>${summary}</span></li>`;
      })}</ul></section>`,
  );
  const files = machineReadable.map(
    ({ href, title, summary }) => html`<li><a href="${href}">${title}</a><span>${summary}</span></li>`,
  );
  const links = schemaNames.map((name) => html`<a href="/schemas/${name}.json">${name}</a> `);
  return {
    title: 'Documentation',
    contents: contentsOf(library, undefined),
    page: html`<article class="start"><h1>Documentation</h1>
<p>CAPS is a parcel hub: shops send orders, drivers deliver them, and everyone sees each step the moment it happens. All of this comes from the hub that you asked, without any other network.</p>
${list}<section><h2 class="part">For tools</h2><ul class="chapters">${files}<li><span class="name">JSON Schema</span><span>${links}</span></li></ul></section></article>`,
  };
}

export function documentPage(library: Library, page: Page): PageParts {
  const { title, html: text, sections } = library.render(page);
  const children = page.children.flatMap((path) => library.pages.get(path) ?? []);
  const list = children.map(
    (child) => html`<li><a href="/docs/${child.path}">${library.render(child).title}</a></li>`,
  );
  return {
    title,
    contents: contentsOf(library, page),
    page: html`<article>${below(text, onThisPage(sections))}${
      list.length > 0 && html`<ul class="children">${list}</ul>`
    }</article>${neighbours(library, page)}`,
  };
}

export function missingPage(library: Library): PageParts {
  return {
    title: 'Not found',
    contents: contentsOf(library, undefined),
    page: html`<article><h1>There is no page at this address.</h1>
<p>Perhaps the link was cut short, or the page has another name by now. Search for it, or begin with the <a href="/docs">contents</a>.</p></article>`,
  };
}

function isNote(path: string): boolean {
  return path === notesFolder || path.startsWith(`${notesFolder}/`);
}

/** All chapters; the current one with its headings or pages. */
function contentsOf(library: Library, current: Page | undefined): Html {
  const list = library
    .contents()
    .map(
      ({ title, chapters }) =>
        html`<li><p class="part">${title}</p><ul>${chapters.map((page) => entry(library, page, current))}</ul></li>`,
    );
  const tools = machineReadable.map(({ href, title }) => html`<li><a href="${href}">${title}</a></li>`);
  return html`<ul class="parts">${list}<li><p class="part">For tools</p><ul>${tools}</ul></li></ul>`;
}

function entry(library: Library, page: Page, current: Page | undefined): Html {
  const { title } = library.render(page);
  const isWithin = current !== undefined && page.children.includes(current.path);
  const isHere = current?.path === page.path;
  const mark = isHere && html` aria-current="page"`;
  const children = isHere || isWithin ? page.children.flatMap((path) => library.pages.get(path) ?? []) : [];
  const inner = children.map((child) => entry(library, child, current));
  return html`<li><a href="/docs/${page.path}"${mark}>${title}</a>${
    inner.length > 0
      ? html`<ul class="within">${inner}</ul>`
      : isHere && headings(library.render(page).sections)
  }</li>`;
}

/** Only the second level: more would be as long as the page. */
function headings(sections: readonly Section[]): Html | undefined {
  const links = sections
    .filter(({ depth, id }) => depth === 2 && id !== '')
    .map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return links.length > 1 ? html`<ul class="within">${links}</ul>` : undefined;
}

/** Inserts a list right below the page's heading. */
function below(text: string, list: Html | undefined): Html {
  return new Html(list ? text.replace('</h1>\n', (end) => end + list.text) : text);
}

/** For narrow windows, where the contents come last. */
function onThisPage(sections: readonly Section[]): Html | undefined {
  const list = headings(sections);
  return list && html`<details class="on-this-page"><summary>On this page</summary>${list}</details>`;
}

function neighbours(library: Library, { path }: Page): Html | undefined {
  const order = library.inOrder(isNote(path));
  const place = order.indexOf(path);
  if (place === -1) return undefined;
  const [before, after] = [order[place - 1], order[place + 1]];
  return html`<nav class="neighbours" aria-label="Pages before and after">${
    before !== undefined && linkTo(library, before, 'prev')
  }${after !== undefined && linkTo(library, after, 'next')}</nav>`;
}

function linkTo(library: Library, path: string, rel: 'prev' | 'next'): Html | undefined {
  const page = library.pages.get(path);
  const word = rel === 'prev' ? '← Before' : 'Next →';
  return (
    page &&
    html`<a href="/docs/${path}" rel="${rel}"><span class="word">${word}</span>${library.render(page).title}</a>`
  );
}
