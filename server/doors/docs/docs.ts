/** Serves `/docs`: pages rendered from the project's Markdown on first use, then cached. */

import express, { type Request, type Response, type Router } from 'express';
import { FixedText } from '../../edge/fixed-text.ts';
import { noOtherMethod } from '../../edge/problems.ts';
import { Library } from './library.ts';
import { documentPage, filled, missingPage, type PageParts, startPage } from './page.ts';

const types = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml; charset=utf-8',
} as const;

/** The built page around the text, for this address; undefined while the pages are not built. */
export type PageShell = (url: string) => Promise<string | undefined>;

export interface DocsDoor {
  /** Mount it at `/docs`. It passes unknown paths on, except for pages. */
  router(shell: PageShell): Router;
}

/** @param top the project's folder, which contains docs/ */
export function createDocsDoor(top: string): DocsDoor {
  const library = new Library(top);
  const onlyRead = noOtherMethod('GET');
  /** Cached by path; the folder bounds its size. */
  const texts = new Map<string, FixedText>();

  function textAt(path: string, type: string, read: () => string | Buffer): FixedText {
    let text = texts.get(path);
    if (!text) {
      text = new FixedText(type, read);
      texts.set(path, text);
    }
    return text;
  }

  function fillingAt(path: string): PageParts | undefined {
    if (path === '') return startPage(library);
    const page = library.pages.get(path);
    return page && documentPage(library, page);
  }

  /** A file beside the pages. */
  function fileAt(path: string): FixedText | undefined {
    if (path === 'search.json')
      return textAt(path, types.json, () => JSON.stringify({ passages: library.passages() }));
    if (!library.hasImage(path)) return undefined;
    return textAt(path, path.endsWith('.svg') ? types.svg : types.png, () => library.readImage(path));
  }

  async function show(request: Request, response: Response, shell: string, path: string): Promise<void> {
    const isThere = path === '' || library.pages.has(path);
    const make = () => filled(shell, fillingAt(path) ?? missingPage(library));
    // All missing pages share one entry. The shell changes only in development.
    const text = textAt(`${isThere ? `page ${path}` : 'missing'}\n${shell}`, types.html, make);
    await text.send(request, response.status(isThere ? 200 : 404));
  }

  return {
    router(shellFor) {
      const router = express.Router();
      router.use(async (request, response, next) => {
        const path = decodedPath(request.path);
        const file = fileAt(path);
        if (request.method !== 'GET' && request.method !== 'HEAD') {
          const isThere = file !== undefined || path === '' || library.pages.has(path);
          return isThere ? onlyRead(request, response, next) : next();
        }
        await library.prepare();
        if (file) return file.send(request, response);
        // File names and foreign spellings lead to the page.
        const meant = path.replace(/\.(md|html)$/, '').replace(/\/$/, '');
        if (meant !== path && library.pages.has(meant)) {
          response.set('cache-control', 'no-store').redirect(308, `/docs/${meant}`);
          return;
        }
        const shell = await shellFor(request.originalUrl);
        if (shell === undefined) return next();
        return show(request, response, shell, path);
      });
      return router;
    },
  };
}

/** The path below `/docs`, without its leading slash. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path).replace(/^\/+/, '');
  } catch {
    // A URIError: matches no page.
    return path;
  }
}
