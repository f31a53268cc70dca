/** Reads the project's documents and renders their pages. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Passage } from '../../../protocol/docs-index.ts';
import { documentsElsewhere, folderTitles, notesFolder, parts } from './contents.ts';
import { type RenderedDocument, renderMarkdown, type Target } from './markdown.ts';

const imageType = /\.(png|svg)$/;

/** A document, or a folder of them. */
export interface Page {
  /** Below `/docs`: `protocol`, `errors/taken`. */
  readonly path: string;
  /** Path of the source file; undefined for a folder without a document of its own. */
  readonly file: string | undefined;
  /** Paths of the pages within it, by name. */
  readonly children: readonly string[];
}

export class Library {
  readonly #top: string;
  readonly #pages: ReadonlyMap<string, Page>;
  readonly #images: ReadonlySet<string>;
  readonly #rendered = new Map<string, RenderedDocument>();
  #prepared: Promise<void> | undefined;

  /** Lists the files; each is read on first use. @param top the project's folder */
  constructor(top: string) {
    this.#top = top;
    const names = namesIn(join(top, 'docs'));
    const files = new Map(
      names.filter((name) => name.endsWith('.md')).map((name) => [pathOf(name), `docs/${name}`]),
    );
    for (const [file, path] of Object.entries(documentsElsewhere))
      if (existsSync(join(top, file))) files.set(path, file);
    const folders = [...files.keys()].filter((path) => path.includes('/')).map((path) => posix.dirname(path));
    const paths = [...new Set([...files.keys(), ...folders])].sort();
    this.#pages = new Map(
      paths.map((path) => {
        const children = paths.filter((one) => posix.dirname(one) === path);
        return [path, { path, file: files.get(path), children }];
      }),
    );
    this.#images = new Set(names.filter((name) => imageType.test(name)));
  }

  /** Pages by path. */
  get pages(): ReadonlyMap<string, Page> {
    return this.#pages;
  }

  /** Whether an image of docs/ has this path. */
  hasImage(path: string): boolean {
    return this.#images.has(path);
  }

  readImage(path: string): Buffer {
    return readFileSync(join(this.#top, 'docs', path));
  }

  /** Parts with their existing chapters. */
  contents(): { readonly title: string; readonly chapters: readonly Page[] }[] {
    return parts
      .map(({ title, chapters }) => ({
        title,
        chapters: chapters.flatMap((path) => this.#pages.get(path) ?? []),
      }))
      .filter(({ chapters }) => chapters.length > 0);
  }

  /** Pages in reading order: the chapters with theirs, or the notes. */
  inOrder(isNotes: boolean): readonly string[] {
    const chapters = isNotes ? this.pages.get(notesFolder) : undefined;
    const roots = isNotes
      ? chapters
        ? [chapters]
        : []
      : this.contents().flatMap(({ chapters: pages }) => pages);
    return roots.flatMap(({ path, children }) => [path, ...children]);
  }

  /** Renders every document once, giving way to the hub after each. */
  prepare(): Promise<void> {
    this.#prepared ??= this.#renderAll().catch((error: unknown) => {
      // A file could not be read; the next request may succeed.
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #renderAll(): Promise<void> {
    for (const page of this.#pages.values()) {
      this.render(page);
      await setImmediate();
    }
  }

  render(page: Page): RenderedDocument {
    let rendered = this.#rendered.get(page.path);
    if (!rendered) {
      rendered = page.file === undefined ? folderPage(page) : this.#renderFile(page.file);
      this.#rendered.set(page.path, rendered);
    }
    return rendered;
  }

  /** Searchable passages: the chapters in order, then the notes. */
  passages(): Passage[] {
    return [false, true].flatMap((isNote) =>
      this.inOrder(isNote).flatMap((path) => {
        const page = this.#pages.get(path);
        if (page?.file === undefined) return [];
        const { title, sections } = this.render(page);
        return sections.map((section) => ({
          at: `/docs/${path}${section.id ? `#${section.id}` : ''}`,
          page: title,
          title: section.title,
          text: section.text,
          ...(isNote ? { isNote } : {}),
        }));
      }),
    );
  }

  #renderFile(file: string): RenderedDocument {
    return renderMarkdown(this.#read(file), (href) => this.#resolve(file, href));
  }

  /** @param file the document with the link */
  #resolve(file: string, href: string): Target | undefined {
    const [path = '', anchor] = href.split('#');
    const target = posix.join(posix.dirname(file), path);
    if (target === 'README.md') return { href: '/docs' };
    const elsewhere = documentsElsewhere[target];
    const below = elsewhere ?? (target.startsWith('docs/') ? pathOf(target.slice(5)) : undefined);
    if (below === undefined) return undefined;
    if (this.#images.has(below)) return { href: `/docs/${below}` };
    const page = this.#pages.get(below);
    if (!page) return undefined;
    return {
      href: `/docs/${below}${anchor ? `#${anchor}` : ''}`,
      ...(page.file === undefined ? {} : { title: titleIn(this.#read(page.file)) }),
    };
  }

  #read(file: string): string {
    return readFileSync(join(this.#top, file), 'utf8');
  }
}

/** The first heading as plain text. */
function titleIn(markdown: string): string {
  return /^# (.*)$/m.exec(markdown)?.[1]?.replaceAll('`', '') ?? '';
}

function folderPage({ path }: Page): RenderedDocument {
  const title = folderTitles[path] ?? path;
  return { title, summary: '', html: `<h1>${title}</h1>`, sections: [] };
}

/** `errors/readme.md` and `errors/` both are the folder's page. */
function pathOf(name: string): string {
  return name.replace(/(^|\/)(readme|index)?(\.md)?$/i, '').replace(/\.md$/, '');
}

/** Paths within the folder; none if there is no such folder. */
function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
}
