/** The documentation of REST, to be read and tried out: everything comes from this hub, nothing from elsewhere. */

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { createDocument } from '../openapi.ts';
import { noOtherMethod } from '../problems.ts';

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** What of Swagger UI's folder is given out. */
const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>CAPS: REST and SSE</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <main id="docs"></main>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** A file of its own, because the page's policy allows no script inside it. */
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
  displayRequestDuration: true,
});
`;

/** Swagger UI writes styles into its elements and draws its icons from \`data:\` addresses. Never another host. */
const policy = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"],
  ...["connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

/** @param version of the hub */
export function createDocsDoor(version: string): Router {
  const router = express.Router({ caseSensitive: true });
  const document = JSON.stringify(createDocument(version));
  const send = (type: string, text: string): RequestHandler => {
    return (_request, response) => void response.type(type).set('cache-control', 'no-cache').send(text);
  };
  router.get('/openapi.json', send('json', document));
  router.use('/docs', (_request, response, next) => {
    response.set('content-security-policy', policy);
    next();
  });
  router.get('/docs', send('html', page));
  router.get('/docs/start.js', send('js', start));
  for (const file of files) {
    router.get(`/docs/${file}`, (_request, response) =>
      response.sendFile(file, { root: folder, maxAge: '1h' }),
    );
  }
  const paths = ['/openapi.json', '/docs', '/docs/start.js', ...files.map((file) => `/docs/${file}`)];
  router.all(paths, noOtherMethod('GET'));
  return router;
}
