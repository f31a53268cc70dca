/** Test clients that use HTTP alone: POSTs, and a stream of server-sent events. */

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Identity } from '../client/client.ts';
import type { Answer, CapsRecord } from '../protocol/messages.ts';
import type { Problem } from '../protocol/rest.ts';
import { MessageRecorder, type TestClient } from './test-client.ts';

/** One event of a stream. */
export interface Message {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

export interface Stream {
  readonly response: IncomingMessage;
  /** All events so far. */
  readonly messages: readonly Message[];
  /** Resolves when an event has come for which `holds` is true. */
  until(holds: (message: Message) => boolean): Promise<Message>;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<unknown>;
  close(): void;
}

/** Reads a stream like a browser's EventSource, but keeps events without data. */
export async function openStream(
  address: string,
  headers: Record<string, string> = {},
  onMessage: (message: Message) => void = () => {},
): Promise<Stream> {
  const asking = request(address, { agent: false, headers: { accept: 'text/event-stream', ...headers } });
  const [response] = (await once(asking.end(), 'response')) as [IncomingMessage];
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').filter((line) => !line.startsWith(':'));
      const message = Object.fromEntries(fields.map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.length === 0) continue;
      messages.push(message);
      onMessage(message);
    }
    for (const check of waiting) check();
  });
  response.on('error', () => {});
  return {
    response,
    messages,
    until: (holds) =>
      new Promise((resolve) => {
        const check = () => {
          const found = messages.find(holds);
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    ended: new Promise((resolve) => response.once('close', resolve)),
    close: () => void asking.destroy(),
  };
}

/** The records of a stream's messages. */
export const recordsIn = (messages: readonly Message[]): CapsRecord[] =>
  messages.flatMap(({ event, data }) =>
    event === undefined && data ? [JSON.parse(data) as CapsRecord] : [],
  );

export async function openRestClient(url: string, who: Identity): Promise<TestClient> {
  const query = { as: actorText(who), ...(who.name === undefined ? {} : { name: who.name }) };
  const headers: Record<string, string> = who.key === undefined ? {} : { authorization: `Bearer ${who.key}` };
  const recorder = new MessageRecorder();
  const listen = (path: string) =>
    openStream(`${url}${path}?${new URLSearchParams(query)}`, headers, (message) => {
      if (message.data !== undefined) recorder.hear(JSON.parse(message.data), recordsIn([message]));
    });
  const stream = await listen('/api/events');
  await stream.until(({ id }) => id !== undefined);
  const news = who.role === 'admin' ? await listen('/api/connections') : undefined;
  await news?.until(({ event }) => event === 'presence');
  return {
    async send(...commands) {
      const answers: Answer[] = [];
      for (const command of commands) answers.push(await post(url, query, headers, command));
      return answers;
    },
    record: (event, orderID) => recorder.record(event, orderID),
    notice: (code) => recorder.notice(code),
    get heard() {
      return recorder.heard;
    },
    close() {
      stream.close();
      news?.close();
    },
  };
}

function actorText(who: Identity): string {
  return who.role === 'vendor'
    ? `store:${who.store}`
    : who.role === 'driver'
      ? `driver:${who.driver}`
      : 'admin';
}

/**
 * Sends a command as a request. Unknown parts of the command become unknown query fields; without an event, the
 * address has none.
 */
async function post(
  url: string,
  who: Record<string, string>,
  headers: Record<string, string>,
  command: unknown,
): Promise<Answer> {
  const { event, payload, id, details, ...rest } = command as Record<string, unknown>;
  const isOrder = event === 'pickup';
  const others = isOrder && details !== undefined ? { ...rest, details } : rest;
  const query = new URLSearchParams({ ...who, ...(others as Record<string, string>) });
  const { store = '', orderID = '' } = (payload ?? {}) as Record<string, string>;
  const parts = ['orders', store, orderID, ...(typeof event === 'string' ? [event] : [])];
  const path = isOrder ? 'orders' : parts.map(encodeURIComponent).join('/');
  const body = isOrder ? payload : details;
  const response = await fetch(`${url}/api/${path}?${query}`, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      ...(typeof id === 'string' ? { 'idempotency-key': id } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.ok ? ((await response.json()) as Answer) : answerOf((await response.json()) as Problem);
}

function answerOf({ code, detail, retryable, details }: Problem): Answer {
  return { ok: false, error: { code, message: detail, retryable, ...(details ? { details } : {}) } };
}
