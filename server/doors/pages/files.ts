/** Serves the files of `vite build`. The build compresses what is worth it, so the hub compresses nothing itself. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import express, { type RequestHandler, type Response } from 'express';
import { type Encoding, encodingIn, encodings } from '../../edge/encodings.ts';

/** The build's suffixes of compressed files. */
const suffixes = { br: '.br', gzip: '.gz' } as const satisfies Record<Encoding, string>;
const compressedName = /\.(?:br|gz)$/;

/** A built file's text; undefined if it does not exist. */
export function readBuilt(dist: string, name: string): string | undefined {
  const path = join(dist, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Whether a built file has this path. */
export function isBuilt(dist: string, path: string): boolean {
  const name = fileIn(path);
  if (name === undefined || compressedName.test(name) || !existsSync(join(dist, name))) return false;
  return statSync(join(dist, name), { throwIfNoEntry: false })?.isFile() === true;
}

/** @param dist the folder of the built app */
export function builtFiles(dist: string): RequestHandler {
  const files = express.static(dist, {
    index: false,
    etag: false,
    setHeaders: (response: Response, path, { size, mtimeMs }) => {
      // Vite hashes these files' content into their names.
      const forever = path.includes(`${dist}/assets/`);
      response.setHeader('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
      response.vary('accept-encoding');
      const encoding = encodings.find((one) => path.endsWith(suffixes[one]));
      const tag = `${Math.round(mtimeMs).toString(36)}-${size.toString(36)}`;
      response.setHeader('etag', encoding ? `"${tag}-${encoding}"` : `"${tag}"`);
      if (!encoding) return;
      response.type(extname(path.replace(compressedName, '')));
      response.setHeader('content-encoding', encoding);
    },
  });
  return (request, response, next) => {
    const name = fileIn(request.path);
    // Compressed files are served only in place of their originals.
    if (name === undefined || compressedName.test(name)) return next();
    const encoding = encodingIn(request, (one) => existsSync(join(dist, name + suffixes[one])));
    const { url } = request;
    if (encoding) request.url = encodeURI(`/${name}${suffixes[encoding]}`);
    files(request, response, (error?: unknown) => {
      request.url = url;
      next(error);
    });
  };
}

/** Resolves a path to a file's, decoded and without dot segments; undefined if it is none. */
export function fileIn(path: string): string | undefined {
  try {
    return posix.normalize(decodeURIComponent(path)).replace(/^\/+/, '');
  } catch {
    // A URIError: matches no file.
    return undefined;
  }
}
