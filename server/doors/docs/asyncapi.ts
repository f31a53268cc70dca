/**
 * Describes Socket.IO and TCP as an AsyncAPI document, from the hub's point of view: it sends what clients receive.
 */

import { limits } from '../../../protocol/limits.ts';
import { type JsonSchema, jsonSchemas } from './schemas.ts';

interface Message {
  readonly summary: string;
  readonly payload: JsonSchema;
  readonly example: unknown;
}
type Messages = Readonly<Record<string, Message>>;

interface Operation {
  readonly summary: string;
  /** Sender. */
  readonly from: 'hub' | 'client';
  readonly messages: readonly string[];
  /** Names of the answers. */
  readonly reply?: readonly string[];
}

interface Channel {
  readonly title: string;
  readonly description: string;
  readonly address: string | null;
  readonly server: string;
  readonly messages: Messages;
  readonly operations: Readonly<Record<string, Operation>>;
}

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: JsonSchema, more: JsonSchema = {}): JsonSchema => ({ type: 'array', items, ...more });
const text = (value: string): JsonSchema => ({ type: 'string', const: value });
const objectOf = (properties: JsonSchema, required = Object.keys(properties)): JsonSchema => ({
  ...{ type: 'object', properties, required },
});

// ---- what is said, on both ----

const duty: JsonSchema = { type: 'string', enum: ['on', 'off'] };
const refused = objectOf({ ok: { const: false }, error: ref('error') });
const done = objectOf({ ok: { const: true } });
const offersAnswer: JsonSchema = {
  oneOf: [{ allOf: [objectOf({ ok: { const: true } }), ref('offers')] }, refused],
};

const parcel = { store: 'red', orderID: '1' };
const time = '2026-11-20T18:03:11.246Z';
const epoch = '68f32d118257-b41d07e2';
const handshake = { protocol: 1, role: 'driver', driver: 'ana', name: 'Ana' };
const welcome = { protocol: 1, epoch, head: 41, time, actor: { role: 'driver', id: 'ana' } };
const command = { event: 'claimed', payload: parcel, id: '0199e5a0-7c1d-7e4b-9d55-2f6a3c1b8e90' };
const recorded = { ok: true, seq: 42, rev: 2, status: 'claimed', time };
const refusal = {
  ...{ ok: false },
  error: { code: 'taken', message: 'Another driver has taken this parcel.', retryable: false },
};
const offers = { items: [], ready: 0 };
const parcels = { upTo: 41, items: [], more: false };
const events = { feed: 'own', prev: 41, upTo: 42, records: [] };
const presence = { left: ['0199e5a0'] };
const notice = { time, kind: 'refused', message: 'This is not JSON.', door: 'tcp', count: 1 };

/** Messages that the hub sends on both doors. */
const news: Messages = {
  welcome: {
    ...{ summary: 'First of all: who one is, and where the log is.', payload: ref('welcome') },
    example: welcome,
  },
  parcels: {
    ...{ summary: 'Without `after`: what is unfinished now, in pages.', payload: ref('parcels') },
    example: parcels,
  },
  events: { summary: 'A stretch of a feed.', payload: ref('events'), example: events },
  presence: { summary: 'To admins: who is connected.', payload: ref('presence'), example: presence },
  notice: {
    ...{ summary: 'To admins: what was refused, and news of the hub.', payload: listOf(ref('notice')) },
    example: [notice],
  },
  health: {
    ...{ summary: 'The hub cannot record, or can again.', payload: ref('health') },
    example: { recording: false, since: time },
  },
};

// ---- Socket.IO ----

const socketIo: Channel = {
  title: 'Socket.IO',
  description: `The namespace \`/caps\`. The name of a message is its event, its payload the one argument, and a reply comes through the acknowledgement. The handshake is the \`auth\`. Frames stay below ${limits.frameBytes} bytes.`,
  address: '/caps',
  server: 'http',
  messages: {
    handshake: {
      ...{ summary: 'The `auth` of the connection: who one is.', payload: ref('handshake') },
      example: handshake,
    },
    connect_error: {
      summary: 'The handshake is refused; its `data`.',
      ...{ payload: ref('error'), example: refusal.error },
    },
    ...news,
    commands: {
      summary: 'Events to be recorded, in this order.',
      payload: listOf(ref('command'), { maxItems: limits.batch }),
      example: [command],
    },
    answers: {
      summary: 'An answer for each command, in its order; a batch that is too large is refused as a whole.',
      payload: { oneOf: [listOf(ref('answer')), refused] },
      example: [recorded, refusal],
    },
    offers: {
      ...{ summary: 'From drivers: a page of what is on offer.', payload: ref('more-offers') },
      example: { from: `${epoch}.300` },
    },
    offersAnswer: {
      ...{ summary: 'The page, or why there is none.', payload: offersAnswer },
      example: { ok: true, ...offers },
    },
    duty: { summary: 'From drivers: on duty or off.', payload: duty, example: 'on' },
    dutyAnswer: { summary: 'It is known.', payload: { oneOf: [done, refused] }, example: { ok: true } },
  },
  operations: {
    connect: {
      ...{ summary: 'Say who one is', from: 'client', messages: ['handshake'] },
      reply: ['welcome', 'connect_error'],
    },
    tell: { summary: 'Keep clients in step', from: 'hub', messages: Object.keys(news) },
    sendCommands: {
      ...{ summary: 'Ask that events be recorded', from: 'client', messages: ['commands'] },
      reply: ['answers'],
    },
    askForOffers: {
      ...{ summary: 'Ask for more offers', from: 'client', messages: ['offers'] },
      reply: ['offersAnswer'],
    },
    sayDuty: { summary: 'Go on or off duty', from: 'client', messages: ['duty'], reply: ['dutyAnswer'] },
  },
};

// ---- TCP ----

const id: JsonSchema = {
  type: ['string', 'number'],
  description: 'Of the sender’s choice: the answer comes with it. A command’s own id is a text.',
};

/** @param withId whether the message has an id for its answer */
function enveloped(event: string, payload: JsonSchema, withId = false): JsonSchema {
  const properties = { event: text(event), payload, ...(withId ? { id } : {}) };
  return objectOf(properties, ['event', 'payload']);
}

const tcpNews: Messages = Object.fromEntries(
  Object.entries(news).map(([name, { summary, payload, example }]) => [
    name,
    { summary, payload: enveloped(name, payload), example: { event: name, payload: example } },
  ]),
);

const tcp: Channel = {
  title: 'TCP',
  description: `JSON objects, one a line, of up to ${limits.commandBytes} bytes from a client. Outside of JSON a line is text: \`PING.\` is answered \`PONG.\`, and \`GOTTA GO.\` is answered \`BYE.\` when all before it has been handled, and \`SEE YA!\` to vehicles that have said hello. Who begins with a \`hello\` is answered as on Socket.IO; who does not is one of the lab’s clients, which [Plain clients](/docs/plain-clients) describes.`,
  address: null,
  server: 'tcp',
  messages: {
    hello: {
      summary: 'The first message: who one is. `protocol` may be left out.',
      payload: enveloped('hello', { type: 'object', description: 'A handshake.' }, true),
      example: { event: 'hello', payload: handshake },
    },
    ...tcpNews,
    command: { summary: 'An event to be recorded.', payload: ref('command'), example: command },
    offers: {
      summary: 'From drivers: a page of what is on offer.',
      payload: enveloped('offers', ref('more-offers'), true),
      example: { event: 'offers', payload: {}, id: 'o1' },
    },
    duty: {
      ...{ summary: 'From drivers: on duty or off.', payload: enveloped('duty', duty, true) },
      example: { event: 'duty', payload: 'on' },
    },
    answer: {
      summary: 'To a command, `offers` or `duty`, with the id that it had.',
      payload: enveloped('answer', { anyOf: [ref('answer'), offersAnswer, done] }, true),
      example: { event: 'answer', id: command.id, payload: recorded },
    },
    error: {
      summary: 'What could not be taken for a message, or a hello that is refused.',
      payload: enveloped('error', ref('error'), true),
      example: { event: 'error', payload: refusal.error },
    },
    ping: { summary: 'Are you there?', payload: text('PING.'), example: 'PING.' },
    pong: { summary: 'Yes.', payload: text('PONG.'), example: 'PONG.' },
    farewell: { summary: 'The last message.', payload: text('GOTTA GO.'), example: 'GOTTA GO.' },
    bye: { summary: 'All before it has been handled.', payload: text('BYE.'), example: 'BYE.' },
  },
  operations: {
    hello: {
      ...{ summary: 'Say who one is', from: 'client', messages: ['hello'] },
      reply: ['welcome', 'error'],
    },
    tell: { summary: 'Keep clients in step', from: 'hub', messages: [...Object.keys(tcpNews), 'error'] },
    ask: {
      ...{ summary: 'Ask for something', from: 'client', messages: ['command', 'offers', 'duty'] },
      reply: ['answer', 'error'],
    },
    ping: { summary: 'Ask for a sign of life', from: 'client', messages: ['ping'], reply: ['pong'] },
    leave: { summary: 'End the connection', from: 'client', messages: ['farewell'], reply: ['bye'] },
  },
};

const channels: Readonly<Record<string, Channel>> = { socketIo, tcp };

/** @param version of the hub */
export function createAsyncApi(version: string): object {
  const schemas = jsonSchemas((name) => `#/components/schemas/${name}`, 'draft-07');
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'CAPS',
      version,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      contact: { name: 'Whoever runs this hub' },
      description:
        'A realtime parcel hub, live: by Socket.IO, or by TCP in lines of JSON. What each message means, and how to go on after a break, is told in [the protocol](/docs/protocol). REST and SSE are in /openapi.json.',
      tags: [{ name: 'parcels', description: 'Parcels on their way from shops to customers' }],
    },
    servers: {
      http: serverOf('socket.io', 'localhost:3000', 'The port of the pages'),
      tcp: serverOf('tcp', 'localhost:4000', 'A port of its own, never encrypted'),
    },
    channels: mapped(channels, ({ server, messages, operations: _, ...channel }, name) => ({
      ...channel,
      servers: [{ $ref: `#/servers/${server}` }],
      messages: mapped(messages, (_message, message) => ({
        $ref: `#/components/messages/${name}-${message}`,
      })),
    })),
    operations: Object.assign({}, ...Object.entries(channels).map(operationsOf)),
    components: {
      messages: Object.assign({}, ...Object.entries(channels).map(messagesOf)),
      // Their keys already name them.
      schemas: mapped(schemas, ({ $id: _id, $schema: _schema, ...schema }) => schema),
    },
  };
}

function serverOf(protocol: string, address: string, description: string): object {
  const where = { default: address, description: 'The hub’s host and port.' };
  return { host: '{address}', protocol, description: `${description}.`, variables: { address: where } };
}

function operationsOf([name, { messages: _, operations }]: [string, Channel]): object {
  const channel = `#/channels/${name}`;
  const refs = (messages: readonly string[]) =>
    messages.map((message) => ({ $ref: `${channel}/messages/${message}` }));
  return Object.fromEntries(
    Object.entries(operations).map(([operation, { summary, from, messages, reply }]) => [
      `${name}-${operation}`,
      {
        ...{ action: from === 'hub' ? 'send' : 'receive', channel: { $ref: channel }, summary },
        description: `${summary}.`,
        messages: refs(messages),
        ...(reply ? { reply: { channel: { $ref: channel }, messages: refs(reply) } } : {}),
      },
    ]),
  );
}

function messagesOf([name, { messages }]: [string, Channel]): object {
  return Object.fromEntries(
    Object.entries(messages).map(([message, { summary, payload, example }]) => [
      `${name}-${message}`,
      {
        ...{ name: message, title: message, summary, contentType: 'application/json', payload },
        ...('id' in propertiesOf(payload) ? { correlationId: { location: '$message.payload#/id' } } : {}),
        examples: [{ payload: example }],
      },
    ]),
  );
}

function propertiesOf({ properties }: JsonSchema): object {
  return typeof properties === 'object' && properties !== null ? properties : {};
}

function mapped<T>(all: Readonly<Record<string, T>>, change: (one: T, name: string) => unknown): object {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one, name)]));
}
