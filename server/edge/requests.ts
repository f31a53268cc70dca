/** Reads HTTP requests strictly, so that a slip is reported instead of ignored. */

import type { Request } from 'express';
import type { z } from 'zod';
import { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { parse } from '../../protocol/messages.ts';
import { allowSlowBody } from './body-deadlines.ts';
import { lossIn } from './exact-json.ts';
import { badRequest } from './problems.ts';

/** Parses the query. @throws CapsError bad-message with the field's name */
export function readQuery<T extends z.ZodType>(schema: T, { originalUrl }: Request): z.output<T> {
  const found = new Map<string, string>();
  const start = originalUrl.indexOf('?');
  const parts = start < 0 ? [] : originalUrl.slice(start + 1).split('&');
  for (const part of parts) {
    if (part === '') continue;
    const [name = '', ...rest] = part.split('=');
    const key = decoded(name, 'query');
    if (found.has(key)) throw badField(key.slice(0, 100), 'Given more than once.');
    found.set(key, decoded(rest.join('='), key.slice(0, 100)));
  }
  return parse(schema, Object.fromEntries(found));
}

function decoded(text: string, field: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // A URIError.
    throw badField(field, 'This is no valid percent-encoding.');
  }
}

function badField(field: string, what: string): CapsError {
  return new CapsError('bad-message', `${field}: ${what}`, { details: { field } });
}

/** Parses a JSON body; undefined without one. @throws CapsError too-large, not-json, bad-message */
export async function readJson(request: Request): Promise<unknown> {
  const { headers } = request;
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (isEmpty) return undefined;
  checkType(request);
  const bytes = await readBody(request, limits.commandBytes);
  return bytes.length === 0 ? undefined : jsonIn(bytes);
}

function checkUncompressed({ headers: { 'content-encoding': encoding } }: Request): void {
  if (encoding === undefined || encoding === 'identity') return;
  throw badRequest(415, 'content-encoding', 'content-encoding: A body is sent as it is, uncompressed.');
}

function checkType(request: Request): void {
  const { 'content-type': type = '' } = request.headers;
  checkUncompressed(request);
  const charset = /;\s*charset="?([^";\s]*)/i.exec(type)?.[1] ?? 'utf-8';
  if (!request.is(['json', '+json']) || !/^utf-?8$/i.test(charset)) {
    throw badRequest(415, 'content-type', 'content-type: A body is "application/json", in UTF-8.');
  }
}

/**
 * Reads a body of one of these types, uncompressed, also over a slow network.
 * @param max in bytes
 * @throws CapsError too-large, bad-message
 */
export async function readBytes(request: Request, types: readonly string[], max: number): Promise<Buffer> {
  checkUncompressed(request);
  if (!request.is([...types])) {
    throw badRequest(415, 'content-type', `content-type: A body here is ${types.join(' or ')}.`);
  }
  const reading = readBody(request, max);
  allowSlowBody(request);
  return reading;
}

/** Keeps nothing past the limit; Node discards the rest. */
async function readBody(request: Request, max: number): Promise<Buffer> {
  const tooLarge = badRequest(413, 'body', `body: The limit is ${max} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > max) throw tooLarge;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > max) reject(tooLarge);
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    const onEarlyEnd = () => reject(badRequest(400, 'body', 'body: The request ended before its body did.'));
    request.on('error', onEarlyEnd);
    request.on('close', onEarlyEnd);
    // It may have ended while its actor was identified.
    if (request.destroyed) onEarlyEnd();
  });
}

/** @throws CapsError not-json; bad-message if JavaScript cannot hold it */
function jsonIn(bytes: Buffer): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    // JSON's SyntaxError or the decoder's TypeError.
    const what = cause instanceof TypeError ? 'This is not UTF-8.' : 'This is not JSON.';
    throw new CapsError('not-json', `body: ${what}`, { details: { field: 'body' }, cause });
  }
  const loss = lossIn(text, value);
  if (loss) throw loss;
  return value;
}
