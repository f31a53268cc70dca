/** Generates the OpenAPI document from the routes and from the schemas that parse requests and messages. */

import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
  zodToOpenAPIRegistry,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { deviceSchema } from '../../../protocol/devices.ts';
import { CapsError, type ErrorCode, errorCodes, errorKinds } from '../../../protocol/errors.ts';
import type { EventName } from '../../../protocol/events.ts';
import { connectionSchema, parcelViewSchema, recordSchema } from '../../../protocol/messages.ts';
import { orderSchema } from '../../../protocol/orders.ts';
import { recordsByEventSchema } from '../../../protocol/records-by-event.ts';
import {
  idempotencyKey,
  orderAnswerSchema,
  problemSchema,
  writeAnswerSchema,
} from '../../../protocol/rest.ts';
import { badRequest, problemOf } from '../../edge/problems.ts';
import { imageTypes } from '../../hub/images.ts';
import { routes } from './api.ts';
import { type OtherPath, otherPaths, type Statuses } from './other-paths.ts';
import type { Route } from './route.ts';

/** The schemas' names in the document; unnamed ones are written out in place. */
const names = {
  Order: orderSchema,
  Record: recordSchema,
  Parcel: parcelViewSchema,
  Connection: connectionSchema,
  Device: deviceSchema,
  Written: writeAnswerSchema,
  Ordered: orderAnswerSchema,
  Problem: problemSchema,
} as const satisfies Record<string, z.ZodType>;

/** Records told apart by event; everywhere else they are \`Record\`. */
const kindsOfRecord = Object.fromEntries(
  recordsByEventSchema.options.map((schema) => [kindName(schema.shape.event.value), schema]),
);
const anyKind = 'RecordByEvent';

/** `RecordAttemptFailed` */
function kindName(event: EventName): string {
  return `Record-${event}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

// ---- headers of answers ----

const headers = {
  'Retry-After': headerOf('integer', 'Seconds after which the same request may succeed.', true),
  'WWW-Authenticate': headerOf('string', '`Bearer`: a key is wanted.', true),
  Location: headerOf('string', 'Where the order is read.', true),
  ETag: headerOf('string', 'To be named in `If-None-Match`. A stream has none.', false),
  'Content-Disposition': headerOf('string', 'The name of a file, where one was asked for.', false),
} as const;

function headerOf(type: 'string' | 'integer', description: string, required: boolean) {
  return { schema: { type }, description, required } as const;
}

function headersNamed(...names: readonly (keyof typeof headers)[]): Pick<ResponseConfig, 'headers'> {
  if (names.length === 0) return {};
  return { headers: Object.fromEntries(names.map((name) => [name, headers[name]])) };
}

/** Headers of a problem document. */
function headersOfProblem(status: string): Pick<ResponseConfig, 'headers'> {
  if (status === '401') return headersNamed('WWW-Authenticate');
  return status === '429' || status === '503' ? headersNamed('Retry-After') : {};
}

/** Lists and lives are sent in pieces as they are read, and have no ETag. */
const tagged: ReadonlySet<string> = new Set([
  'readProfile',
  'listRepeats',
  'listWebhooks',
  'readWebhook',
  'listDeliveries',
  'listConnections',
  'listDevices',
  'readDevice',
]);

function headersOfAnswer({ id, tag, method, files, image }: Route): Pick<ResponseConfig, 'headers'> {
  if (image === 'answer') return headersNamed('ETag', 'Content-Disposition');
  if (tagged.has(id) && method === 'get') return headersNamed('ETag');
  if (files) return headersNamed('Content-Disposition');
  return method === 'post' && tag === 'Orders' && id !== 'sendEvent' ? headersNamed('Location') : {};
}

/** Errors of any request. */
const common: readonly ErrorCode[] = [
  'unauthorized',
  'not-allowed',
  'too-fast',
  'busy',
  'unavailable',
  'internal',
];

/** HTTP-level errors before the caller is known, as problem documents. */
const unreadable: Statuses = {
  400: 'This request cannot be read.',
  417: 'The hub expects nothing: a request is sent without `Expect`, or with `100-continue`.',
  431: 'The headers are too large.',
};
/** A client that names its `ETag` is not sent the same again. */
const unchanged = { 304: { description: 'It is as `If-None-Match` names it.' } } as const;
/** For requests with a body. */
const unreadableBody: Statuses = {
  413: 'The body is too large.',
  415: 'A body is `application/json`, in UTF-8 and uncompressed.',
};

/** A body of bytes, of any of these types. */
const imageContent = Object.fromEntries(
  imageTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }] as const),
);

/** @param version of the hub */
export function createDocument(version: string): ReturnType<OpenApiGeneratorV31['generateDocument']> {
  // `registry.register` would name a copy, and schemas that contain this one would not refer to it.
  const all = { ...names, ...kindsOfRecord, [anyKind]: recordsByEventSchema };
  for (const [refId, schema] of Object.entries(all))
    zodToOpenAPIRegistry.add(schema, { _internal: { refId } });
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  for (const route of Object.values(routes)) registry.registerPath(pathOf(route));
  for (const one of otherPaths) registry.registerPath(otherPath(one));
  const named = Object.values(all).map((schema) => ({ type: 'schema' as const, schema }));
  const document = new OpenApiGeneratorV31([...named, ...registry.definitions]).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'CAPS',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      contact: { name: 'Whoever runs this hub' },
      description:
        'A realtime parcel hub. Where access is keyed, a request is whose key it carries, `Authorization: Bearer …`; where it is open, everyone is who they say, with `?as=`. Whatever is refused is answered by a problem document (RFC 9457) whose `code` is one of a closed list. Send an `Idempotency-Key` with every POST of an order or event, and repeat it until it is answered.',
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, {}],
    tags: [
      { name: 'Orders', description: 'Parcels, as shops, drivers and dispatch know them' },
      { name: 'Events', description: 'The log of all that happened' },
      { name: 'Stores', description: 'What stores say of themselves' },
      { name: 'Devices', description: 'Vehicles at the TCP door' },
      { name: 'Webhooks', description: 'Addresses to which the hub posts each record' },
      { name: 'Keys', description: 'Access keys, where access is keyed' },
      { name: 'Hub', description: 'The hub itself' },
    ],
  });
  const { [anyKind]: record, ...schemas } = document.components?.schemas ?? {};
  return {
    ...document,
    components: { ...document.components, schemas: { ...schemas, Record: record ?? {} } },
  };
}

function pathOf(route: Route): RouteConfig {
  const { id, tag, method, path, summary, description, query, params, body } = route;
  const headers =
    method === 'post' && tag === 'Orders'
      ? z.object({ 'Idempotency-Key': idempotencyKey })
      : lastEventId(route);
  return {
    method,
    path: path.replace(/:(\w+)/g, '{$1}'),
    operationId: id,
    tags: [tag],
    summary,
    description,
    request: {
      ...(query instanceof z.ZodObject ? { query } : {}),
      ...(params ? { params } : {}),
      ...(headers ? { headers } : {}),
      ...(body
        ? {
            body: {
              required: body.required,
              content: { 'application/json': { schema: body.schema, examples: { ...body.examples } } },
            },
          }
        : {}),
      ...(route.image === 'body' ? { body: { required: true, content: imageContent } } : {}),
    },
    responses: {
      ...(method === 'get' ? unchangedOf(route) : {}),
      ...refusalsOf({
        ...unreadable,
        ...((body ?? route.image === 'body') ? unreadableBody : {}),
        ...route.refusals,
      }),
      ...problemsOf([...new Set([...route.errors, ...common])]),
      ...answersOf(route),
    },
  };
}

/** The browser keeps an image with its headers. */
function unchangedOf(route: Route): Record<string, ResponseConfig> {
  if (route.image !== 'answer') return unchanged;
  return { 304: { ...unchanged[304], ...headersNamed('Content-Disposition') } };
}

function lastEventId({ stream, query }: Route): z.ZodObject | undefined {
  if (stream === undefined || !(query instanceof z.ZodObject) || !('after' in query.shape)) return undefined;
  const description = 'Streams: the cursor to go on from. Browsers send it by themselves.';
  return z.object({ 'Last-Event-ID': z.string().optional().meta({ description }) });
}

function answersOf(route: Route): Record<string, ResponseConfig> {
  const { answers, answer, example, stream, files = {} } = route;
  const others = { ...files, ...(stream === undefined ? {} : { 'text/event-stream': stream }) };
  const texts = Object.fromEntries(
    Object.entries(others).map(([type, text]) => [type, { schema: z.string(), example: text }]),
  );
  return Object.fromEntries(
    Object.entries(answers).map(([status, description]) => [
      status,
      answer
        ? {
            ...{ description, ...headersOfAnswer(route) },
            content: { 'application/json': { schema: answer, example }, ...texts },
          }
        : route.image === 'answer'
          ? { description, ...headersOfAnswer(route), content: imageContent }
          : { description },
    ]),
  );
}

/** Responses by status, each with its codes. */
function problemsOf(codes: readonly ErrorCode[]): Record<string, ResponseConfig> {
  const byStatus = Object.groupBy(
    errorCodes.filter((code) => codes.includes(code)),
    (code) => errorKinds[code].http,
  );
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, ones = []]) => {
      const examples = ones.map((code) => [code, { value: problemOf(new CapsError(code)) }] as const);
      const content = { schema: problemSchema, examples: Object.fromEntries(examples) };
      const description = ones.map((code) => `\`${code}\` ${errorKinds[code].message}`).join(' ');
      const more = headersOfProblem(status);
      return [status, { description, ...more, content: { 'application/problem+json': content } }];
    }),
  );
}

/** Statuses that belong to no code, each with its meaning. */
function refusalsOf(statuses: Statuses): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(statuses).map(([status, description]) => {
      const value = problemOf(badRequest(Number(status), 'request', description));
      const content = { schema: problemSchema, examples: { [value.code]: { value } } };
      const more = headersOfProblem(status);
      return [status, { description, ...more, content: { 'application/problem+json': content } }];
    }),
  );
}

function otherPath({ method, path, summary, description, ...more }: OtherPath): RouteConfig {
  const {
    type,
    schema,
    example,
    statuses = { 200: 'It is answered.' },
    query,
    params,
    body,
    errors = [],
    refusals = {},
  } = more;
  const isTagged = method === 'get' && path !== '/metrics';
  const answers = Object.entries(statuses).map(([status, means]) => [
    status,
    {
      ...{ description: means, ...(isTagged && status === '200' ? headersNamed('ETag') : {}) },
      content: { [type]: { schema, example } },
    },
  ]);
  return {
    method,
    path,
    operationId: `${method}${path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: ['Hub'],
    summary,
    description,
    request: {
      ...(query ? { query } : {}),
      ...(params ? { params } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: {
      ...(method === 'get' ? unchanged : {}),
      ...refusalsOf({ ...unreadable, ...(body ? unreadableBody : {}), ...refusals }),
      ...problemsOf(errors),
      ...Object.fromEntries(answers),
    },
  };
}
