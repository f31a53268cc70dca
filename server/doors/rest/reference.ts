/** The interactive reference of REST, served entirely by this hub. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { FixedText } from '../../edge/fixed-text.ts';
import { noOtherMethod } from '../../edge/problems.ts';
import { createDocument } from './openapi.ts';

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** Files of Swagger UI that are served. */
const files = ['swagger-ui.css', 'swagger-ui-bundle.js'];

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <title>CAPS: REST and SSE</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="stylesheet" href="/docs/page.css" />
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <script src="/docs/theme.js"></script>
  </head>
  <body>
    <nav class="back" aria-label="Back"><a href="/">CAPS</a><a href="/docs">← Documentation</a></nav>
    <main id="docs"></main>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** Full width, in the other pages' colours. Swagger UI's dark theme hangs on a class. */
const style = `html { background: #f3f5f8; color-scheme: light; }
body { margin: 0; }
.back { padding: 0 20px; border-bottom: 1px solid #d9dee5; background: #fff; font: 700 16px/51px system-ui, sans-serif; }
.back a { margin-inline-end: 16px; color: #14181f; text-decoration: none; }
.back a + a { font-weight: 400; }
.back a:focus-visible { outline: 2px solid #0b5cc4; outline-offset: 4px; }
html.dark-mode { background: #0e1116; color-scheme: dark; }
.dark-mode .back { border-color: #2a313c; background: #14181f; }
.dark-mode .back a { color: #e8ecf1; }
.dark-mode .back a:focus-visible { outline-color: #7db8ff; }
`;

/**
 * Runs before anything is drawn, here and in the documents: applies the theme chosen on another page, as
 * web/app/kept.ts stores it, or the device's.
 */
const theme = `const dark = matchMedia('(prefers-color-scheme: dark)');
function follow() {
  let chosen = null;
  try {
    chosen = localStorage.getItem('caps.theme');
  } catch {
    // Storage is blocked.
  }
  const isDark = chosen === 'dark' || (chosen !== 'light' && dark.matches);
  document.documentElement.classList.toggle('dark-mode', isDark);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}
dark.addEventListener('change', follow);
addEventListener('storage', follow);
follow();
`;

/** A file of its own, because the policy forbids inline scripts. */
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
  displayRequestDuration: true,
});
`;

const types = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
} as const;

/** Swagger UI sets inline styles and draws icons from \`data:\` addresses. No other host is allowed. */
const policy = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"],
  ...["connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

/** @param version of the hub */
export function createReferenceDoor(version: string): Router {
  const router = express.Router({ caseSensitive: true });
  const send = (text: FixedText): RequestHandler => {
    return (request, response) => text.send(request, response);
  };
  const document = new FixedText(types.json, () => JSON.stringify(createDocument(version)));
  router.get('/openapi.json', send(document));
  router.use('/docs/api', (_request, response, next) => {
    response.set('content-security-policy', policy);
    next();
  });
  router.get('/docs/api', send(new FixedText(types.html, () => page)));
  const own = {
    '/docs/start.js': new FixedText(types.js, () => start),
    '/docs/theme.js': new FixedText(types.js, () => theme),
    '/docs/page.css': new FixedText(types.css, () => style),
  };
  for (const [path, text] of Object.entries(own)) router.get(path, send(text));
  for (const file of files) {
    const type = file.endsWith('.js') ? types.js : types.css;
    const read = () => readFileSync(join(folder, file));
    router.get(`/docs/${file}`, send(new FixedText(type, read, 'public, max-age=3600')));
  }
  const paths = ['/openapi.json', '/docs/api', ...Object.keys(own), ...files.map((file) => `/docs/${file}`)];
  router.all(paths, noOtherMethod('GET'));
  return router;
}
