/** Documents the HTTP paths of other doors than REST. */

import { z } from 'zod';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { rest } from '../../../protocol/rest.ts';

/** What each status means. */
export type Statuses = Readonly<Record<number, string>>;

export interface OtherPath {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** Media type of the response. */
  readonly type: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** Only 200 if absent. */
  readonly statuses?: Statuses;
  readonly query?: z.ZodObject;
  readonly params?: z.ZodObject;
  /** Further statuses, answered by problem documents. */
  readonly refusals?: Statuses;
  readonly body?: z.ZodType;
  readonly errors?: readonly ErrorCode[];
}

const hubExample = { version: '0.1.0', access: 'open', addresses: ['http://192.168.1.20:3000'] };
const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29">…</svg>';
/** Errors of paths that check the caller and the `Host`. */
const guarded = ['unauthorized', 'too-fast', 'not-allowed', 'internal'] as const;
const qrCode = {
  path: '/qr.svg',
  type: 'image/svg+xml',
  schema: z.string(),
  example: drawing,
  errors: ['bad-message', 'not-allowed', 'internal'],
} as const;
const saidOfHub = {
  path: '/api/hub',
  type: 'application/json',
  schema: rest['GET /api/hub'].answer,
  example: hubExample,
} as const;

export const otherPaths: readonly OtherPath[] = [
  {
    ...{ method: 'get', path: '/healthz', summary: 'Whether the process lives' },
    description: 'For load balancers: answered whatever `Host` is named, and without a key.',
    ...{ type: 'application/json', schema: rest['GET /healthz'].answer },
    example: { status: 'ok', serverId: '5f0c3a9d' },
  },
  {
    ...{ method: 'get', path: '/readyz', summary: 'Whether the log can be written' },
    description: 'For load balancers: answered whatever `Host` is named, and without a key.',
    ...{ type: 'application/json', schema: rest['GET /readyz'].answer, example: { status: 'ok' } },
    statuses: { 200: 'It can.', 503: 'It cannot, or the hub is stopping.' },
  },
  {
    ...{ method: 'get', path: '/metrics', summary: 'Its numbers, for Prometheus' },
    description: 'For admins: the numbers tell how much all stores send together.',
    ...{ type: 'text/plain', schema: z.string(), errors: guarded },
    example: 'caps_events_total{event="delivered",door="tcp"} 42\n',
  },
  {
    ...{ ...saidOfHub, method: 'get', summary: 'What the hub is, and how access to it is ruled' },
    description: 'A keyed hub tells whoever has no key that it is keyed, and nothing else.',
    errors: guarded,
  },
  {
    ...{ ...saidOfHub, method: 'post', summary: 'Whether a page may speak to the hub' },
    description: 'The same as `GET`: with a POST the browser says the page’s origin.',
    errors: guarded,
  },
  {
    ...{ ...qrCode, method: 'get', summary: 'A QR code of one of its addresses' },
    description: 'For the pages, and to print. Of other addresses it draws none.',
    query: rest['GET /qr.svg'].query,
  },
  {
    ...{ ...qrCode, method: 'post', summary: 'A QR code of an address that is a secret' },
    description: 'The same as `GET`, of an access link say, which is not to stand in any log.',
    body: rest['POST /qr.svg'].body,
    errors: ['not-json', ...qrCode.errors],
  },
  {
    ...{ method: 'get', path: '/openapi.json', summary: 'This document' },
    description: 'In the version that this hub answers to; `/docs/api` shows it.',
    ...{ type: 'application/json', schema: rest['GET /openapi.json'].answer },
    example: { openapi: '3.1.0' },
  },
  {
    ...{ method: 'get', path: '/asyncapi.json', summary: 'Socket.IO and TCP as an AsyncAPI document' },
    description: 'What clients and the hub send each other there.',
    ...{ type: 'application/json', schema: rest['GET /asyncapi.json'].answer },
    example: { asyncapi: '3.0.0' },
  },
  {
    ...{ method: 'get', path: '/schemas', summary: 'The messages that have a JSON Schema' },
    description: 'The name of each, and the address of its schema.',
    ...{ type: 'application/json', schema: rest['GET /schemas'].answer },
    example: { items: [{ name: 'record', href: '/schemas/record.json' }] },
  },
  {
    ...{ method: 'get', path: '/schemas/{name}.json', summary: 'A message as JSON Schema 2020-12' },
    description: '`command`, `record`, `events`, `welcome` and the others, each referring to the others.',
    params: rest['GET /schemas/:name.json'].params,
    refusals: { 404: 'There is no message of this name.' },
    ...{ type: 'application/json', schema: rest['GET /schemas/:name.json'].answer },
    example: { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: '/schemas/record.json' },
  },
];
