/** Whatever a hub answers in a test, the OpenAPI document has said that it may. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createDocument } from '../../server/doors/rest/openapi.ts';

interface Finished {
  readonly request: IncomingMessage & { readonly originalUrl?: string };
  readonly response: ServerResponse;
  readonly server: Server;
}
type Paths = Record<string, Record<string, { responses: Record<string, unknown> } | undefined>>;

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
 * @param port of the hub: others may answer in this process as well
 * @param onUndeclared told of each answer whose status its operation does not have
 * @returns what ends it
 */
export function watchStatuses(port: number, onUndeclared: (what: string) => void): () => void {
  known ??= pathsOfDocument();
  const all = known;
  const look = (message: unknown): void => {
    const { request, response, server } = message as Finished;
    const address = server.address();
    if (typeof address !== 'object' || address?.port !== port) return;
    const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?');
    const method = request.method === 'HEAD' ? 'get' : (request.method ?? '').toLowerCase();
    const operation = all.find(({ pattern }) => pattern.test(path))?.operations[method];
    if (operation && !(response.statusCode in operation.responses)) {
      onUndeclared(
        `${request.method} ${path} answers ${response.statusCode}, which openapi.json does not say`,
      );
    }
  };
  subscribe(channel, look);
  return () => void unsubscribe(channel, look);
}
