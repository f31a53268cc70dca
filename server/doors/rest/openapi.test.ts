import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../protocol/errors.ts';
import { eventNames } from '../../../protocol/events.ts';
import { routes } from './api.ts';
import { createDocument } from './openapi.ts';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; required: boolean; schema: object; description?: string }[];
  requestBody?: { content: Record<string, { examples?: object; schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}
interface Content {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: { code: string } }>;
}

const document = JSON.parse(JSON.stringify(createDocument('1.2.3')));
const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every value in the document under this key. */
function under(key: string, value: unknown = document): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...under(key, inner),
  ]);
}

describe('the OpenAPI document', () => {
  it('says as a pattern what a reader can take as it stands: "/s" behind it would be a part of it', () => {
    const patterns = under('pattern').filter((pattern) => typeof pattern === 'string');
    expect(patterns).not.toEqual([]);
    expect(patterns.filter((pattern) => !/^\^.*\$$/s.test(pattern))).toEqual([]);
  });

  it('is 3.1, and says which hub it is of', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'CAPS', version: '1.2.3' } });
    // What 3.1 has no more.
    expect(under('nullable')).toEqual([]);
  });

  it('shows in the stream of the log whatever a driver may meet in it', () => {
    const { example } = document.paths['/api/events'].get.responses['200'].content['text/event-stream'];
    const blocks = String(example).trim().split('\n\n');
    expect(blocks.map((block) => block.replaceAll(/: .*$/gm, ''))).toEqual([
      ...['id', 'id\ndata', 'event\ndata', 'id', 'event\ndata', 'id'],
    ]);
    for (const part of ['event: reset', 'event: gone']) expect(example).toContain(part);
  });

  it('refers to nothing that is not there, and to every schema that is', () => {
    const refs = under('$ref').map(String);
    for (const ref of refs) {
      const [root, ...way] = ref.split('/');
      expect(root).toBe('#');
      expect(
        way.reduce((at, name) => at?.[name], document),
        ref,
      ).toBeDefined();
    }
    const named = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(named.filter((name) => !refs.includes(name))).toEqual([]);
  });

  it('names each operation once, and its parameters as the path does', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
      const parameters = operation.parameters ?? [];
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
      expect(parameters.filter((one) => one.in === 'path' && !one.required)).toEqual([]);
      const keys = parameters.map((one) => `${one.in} ${one.name}`);
      expect(new Set(keys).size, path).toBe(keys.length);
      expect(operation.summary).toMatch(/^[A-Z]/);
      expect(operation.tags).toHaveLength(1);
    }
  });

  it('has all routes of the table, each with examples and all that can go wrong', () => {
    for (const { id, tag, method, path, errors, body, image } of Object.values(routes)) {
      const found = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method] as Operation | undefined;
      expect(found?.operationId).toBe(id);
      if (!found) continue;
      const codes = Object.values(found.responses).flatMap(({ content }) =>
        Object.values(content?.['application/problem+json']?.examples ?? {}).map(({ value }) => value.code),
      );
      expect(codes, id).toEqual(
        expect.arrayContaining([...errors, 'unauthorized', 'busy', 'unavailable', 'internal']),
      );
      for (const [status, { description, content }] of Object.entries(found.responses)) {
        expect(description).toMatch(/./);
        expect(content === undefined, status).toBe(status === '204' || status === '304');
        if (!content) continue;
        // An image cannot stand in a document.
        if (image === 'answer' && Number(status) < 400) continue;
        const kind = Number(status) < 400 ? 'application/json' : 'application/problem+json';
        expect(content[kind]?.example ?? content[kind]?.examples, `${id} ${status}`).toBeDefined();
      }
      expect(found.requestBody?.content['application/json']?.examples !== undefined).toBe(body !== undefined);
      expect(found.parameters?.some(({ name }) => name === 'Idempotency-Key')).toBe(
        method === 'post' && tag === 'Orders',
      );
    }
  });

  it('tells records apart by their event, each with its own details', () => {
    const { Record: record, ...schemas } = document.components.schemas;
    expect(record.discriminator.propertyName).toBe('event');
    expect(Object.keys(record.discriminator.mapping).sort()).toEqual([...eventNames].sort());
    expect(record.oneOf).toHaveLength(eventNames.length);
    expect(schemas.RecordAttemptFailed).toMatchObject({
      required: expect.arrayContaining(['details']),
      properties: { event: { enum: ['attempt-failed'] }, details: { required: ['reason'] } },
    });
    const { items } =
      document.paths['/api/events'].get.responses['200'].content['application/json'].schema.properties.items;
    expect(items).toEqual({ $ref: '#/components/schemas/Record' });
  });

  it('says which headers an answer has, of those that a client goes by', () => {
    const headersOf = (path: string, method: string, status: string) =>
      Object.keys(document.paths[path][method].responses[status].headers ?? {});
    expect(headersOf('/api/orders', 'post', '201')).toEqual(['Location']);
    expect(headersOf('/api/orders', 'post', '429')).toEqual(['Retry-After']);
    expect(headersOf('/api/orders', 'get', '401')).toEqual(['WWW-Authenticate']);
    expect(headersOf('/openapi.json', 'get', '200')).toEqual(['ETag']);
    expect(headersOf('/api/events', 'get', '200')).toEqual(['Content-Disposition']);
  });

  it('knows the events and the errors', () => {
    const event = operations
      .find(({ operation }) => operation.operationId === 'sendEvent')
      ?.operation.parameters?.find(({ name }) => name === 'event');
    expect(event?.schema).toMatchObject({ enum: eventNames.filter((name) => name !== 'pickup') });
    expect(document.components.schemas.Problem.properties.code.enum).toEqual(errorCodes);
  });
});

describe('the examples', () => {
  it.each(Object.values(routes).map((route) => [route.id, route] as const))('%s: are valid', (_, route) => {
    if (route.answer) expect(route.answer.safeParse(route.example)).toMatchObject({ success: true });
    for (const { value } of Object.values(route.body?.examples ?? {})) {
      expect(route.body?.schema.safeParse(value)).toMatchObject({ success: true });
    }
  });
});
