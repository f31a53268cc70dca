/** The documentation at `/docs`, made of the project's own Markdown when somebody reads it, and kept. */

import express, { type Request, type Response, type Router } from 'express';
import { FixedText } from '../../edge/fixed-text.ts';
import { noOtherMethod } from '../../edge/problems.ts';
import { Library } from './library.ts';
import { documentPage, type Filling, filled, missingPage, startPage } from './page.ts';

const types = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml; charset=utf-8',
} as const;

/** The built page around the text, for this address; undefined while the pages are not built. */
export type PageShell = (url: string) => Promise<string | undefined>;

export interface DocsDoor {
  /** To be mounted at `/docs`. What it does not know it leaves to others, but for a page that somebody wants to read. */
  router(shell: PageShell): Router;
}

/** @param top the project's folder, with docs/ in it */
export function createDocsDoor(top: string): DocsDoor {
  const library = new Library(top);
  const onlyRead = noOtherMethod('GET');
  /** By path: bounded by what there is in the folder. */
  const texts = new Map<string, FixedText>();

  function textAt(path: string, type: string, read: () => string | Buffer): FixedText {
    let text = texts.get(path);
    if (!text) {
      text = new FixedText(type, read);
      texts.set(path, text);
    }
    return text;
  }

  function fillingAt(path: string): Filling | undefined {
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
    // Whatever is not there is one page. The shell changes only where it is worked on.
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
        // As the files are called, and as links to them are written elsewhere.
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

/** Below `/docs`, without the slash before it. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path).replace(/^\/+/, '');
  } catch {
    // A URIError: no page is found by this.
    return path;
  }
}
