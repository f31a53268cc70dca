/** Checks a test hub's responses against its OpenAPI document: every status and header must be declared. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createDocument } from '../server/doors/rest/openapi.ts';

interface FinishedRequest {
  readonly request: IncomingMessage & { readonly originalUrl?: string };
  readonly response: ServerResponse;
  readonly server: Server;
}
interface DeclaredResponse {
  readonly headers?: Readonly<Record<string, { readonly required: boolean }>>;
}
type Paths = Record<string, Record<string, { responses: Record<string, DeclaredResponse> } | undefined>>;

/** Headers about a single response. An `ETag` on a read counts, too. */
const telling = ['retry-after', 'www-authenticate', 'location', 'content-disposition'];

const channel = 'http.server.response.finish';
let known: readonly { readonly pattern: RegExp; readonly operations: Paths[string] }[] | undefined;

function pathsOfDocument(): NonNullable<typeof known> {
  const { paths } = JSON.parse(JSON.stringify(createDocument('1.2.3'))) as { paths: Paths };
  return Object.entries(paths).map(([path, operations]) => {
    const parts = path.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part.replace('.', '\\.')));
    return { pattern: new RegExp(`^${parts.join('/')}/?$`), operations };
  });
}

/**
 * @param port of the hub: others may run in this process
 * @param onUndeclared called for each undeclared response
 * @returns stop
 */
export function watchStatuses(port: number, onUndeclared: (what: string) => void): () => void {
  known ??= pathsOfDocument();
  const all = known;
  const look = (message: unknown): void => {
    const { request, response, server } = message as FinishedRequest;
    const address = server.address();
    if (typeof address !== 'object' || address?.port !== port) return;
    const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?');
    const method = request.method === 'HEAD' ? 'get' : (request.method ?? '').toLowerCase();
    const operation = all.find(({ pattern }) => pattern.test(path))?.operations[method];
    if (!operation) return;
    const { statusCode } = response;
    const what = `${request.method} ${path} answers ${statusCode}`;
    const declared = operation.responses[statusCode];
    if (!declared) onUndeclared(`${what}, which openapi.json does not say`);
    else for (const wrong of wrongHeaders(method, response, declared)) onUndeclared(`${what} ${wrong}`);
  };
  subscribe(channel, look);
  return () => void unsubscribe(channel, look);
}

function wrongHeaders(
  method: string,
  response: ServerResponse,
  { headers = {} }: DeclaredResponse,
): string[] {
  const declared = new Map(
    Object.entries(headers).map(([name, { required }]) => [name.toLowerCase(), required]),
  );
  const asked = method === 'get' && response.statusCode === 200 ? [...telling, 'etag'] : telling;
  return [
    ...asked
      .filter((name) => response.hasHeader(name) && !declared.has(name))
      .map((name) => `with ${name}, which openapi.json does not say`),
    ...[...declared]
      .filter(([name, isRequired]) => isRequired && !response.hasHeader(name))
      .map(([name]) => `without ${name}, which openapi.json promises`),
  ];
}
