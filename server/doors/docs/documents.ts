/** Machine-readable documents: JSON Schema of all messages, and AsyncAPI of Socket.IO and TCP. */

import express, { type Router } from 'express';
import { FixedText } from '../../edge/fixed-text.ts';
import { noOtherMethod, nothingHere } from '../../edge/problems.ts';
import { createAsyncApi } from './asyncapi.ts';
import { jsonSchemas, schemaNames } from './schemas.ts';

const json = 'application/json; charset=utf-8';

/** @param version of the hub */
export function createDocumentsDoor(version: string): Router {
  const router = express.Router({ caseSensitive: true });
  const asyncApi = new FixedText(json, () => JSON.stringify(createAsyncApi(version)));
  const schemaAt = (name: string) => jsonSchemas((one) => `/schemas/${one}.json`)[name];
  const index = new FixedText(json, () =>
    JSON.stringify({ items: schemaNames.map((name) => ({ name, href: `/schemas/${name}.json` })) }),
  );
  const schemas = new Map(
    schemaNames.map((name) => [name, new FixedText(json, () => JSON.stringify(schemaAt(name)))]),
  );
  router.get('/asyncapi.json', (request, response) => asyncApi.send(request, response));
  router.get('/schemas', (request, response) => index.send(request, response));
  router.get('/schemas/:name.json', (request, response, next) => {
    const schema = schemas.get(request.params.name);
    return schema ? schema.send(request, response) : nothingHere(request, response, next);
  });
  router.all(['/asyncapi.json', '/schemas', '/schemas/:name.json'], noOtherMethod('GET'));
  return router;
}
