/**
 * Sends to addresses that others have chosen. A name is looked up for each new connection, and the connection goes to what
 * was found and checked then: between the two nobody can change it. It follows no redirect, and of an answer it wants the
 * status alone.
 */

import { lookup as lookUpName } from 'node:dns/promises';
import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { SendFault } from '../../protocol/webhooks.ts';
import type { Clock } from '../clock.ts';
import { mayConnectTo, plainAddress } from './addresses.ts';
import { retryAfterMs } from './channels/post.ts';

/** From the name to the end of the answer. */
const wholeMs = 15_000;
/** Of an answer's body; the connection ends behind it. */
const answerBytesMax = 4 * 1024;
/** Names that are looked up at once. The system does it in the threads in which files are read, too. */
const lookupsMax = 2;
/** Connections kept for the next request, and for how long. */
const idleMax = 32;
const idleMs = 5_000;

export type SendResult = { readonly ms: number } & (
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'failed'; readonly fault: SendFault }
);

export interface HttpClientOptions {
  readonly clock: Clock;
  /** Whether addresses of private networks are fine. */
  readonly isPrivateToo: boolean;
  /** Whether this hub itself listens there. */
  readonly isOwn: (address: string, port: number) => boolean;
  /** Names under which this hub is reached, each with its port. */
  readonly ownHosts: readonly string[];
  /** The addresses of a name; the system's by default. */
  readonly lookUp?: (name: string) => Promise<readonly { address: string; family: number }[]>;
  readonly wholeMs?: number;
}

interface Status {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

class AddressFault extends Error {
  readonly fault: SendFault;

  constructor(fault: SendFault) {
    super(fault);
    this.fault = fault;
  }
}

export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #plain = new HttpAgent({ keepAlive: true, maxFreeSockets: idleMax, timeout: idleMs });
  readonly #secure = new TlsAgent({ keepAlive: true, maxFreeSockets: idleMax, timeout: idleMs });
  readonly #open = new Set<() => void>();
  readonly #waiting: (() => void)[] = [];
  #lookups = 0;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** What is wrong with an address as it is written; a name may still lead where nobody may go. */
  faultOf(url: URL): SendFault | undefined {
    const host = hostIn(url);
    const { isPrivateToo, ownHosts } = this.#options;
    if (ownHosts.includes(`${host}:${portIn(url)}`)) return 'own-hub';
    if (isIP(host) === 0) return undefined;
    if (this.#isOwn(host, portIn(url))) return 'own-hub';
    return mayConnectTo(host, isPrivateToo) ? undefined : 'refused-address';
  }

  /** Never rejects. */
  async post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<SendResult> {
    const { clock } = this.#options;
    const begin = clock.now();
    const took = () => Math.max(0, Math.round(clock.now() - begin));
    try {
      const written = this.faultOf(url);
      if (written !== undefined) throw new AddressFault(written);
      return { kind: 'answered', ...(await this.#once(url, headers, body)), ms: took() };
    } catch (error) {
      return { kind: 'failed', fault: faultIn(error), ms: took() };
    }
  }

  /** @param isFirst a kept connection may just have ended: then once more, on a new one */
  #once(url: URL, headers: Readonly<Record<string, string>>, body: string, isFirst = true): Promise<Status> {
    const { clock, wholeMs: limitMs = wholeMs } = this.#options;
    const isSecure = url.protocol === 'https:';
    const bytes = Buffer.from(body);
    const options: RequestOptions = {
      ...{ method: 'POST', agent: isSecure ? this.#secure : this.#plain, lookup: this.#lookup(portIn(url)) },
      headers: { ...headers, 'content-length': String(bytes.length) },
    };
    return new Promise<Status>((resolve, reject) => {
      const sent = (isSecure ? requestTls : request)(url, options);
      const end = (fault: Error) => {
        settle();
        sent.destroy();
        reject(fault);
      };
      const stop = () => end(new AddressFault('stopped'));
      const cancel = clock.after(limitMs, () => end(new AddressFault('timeout')));
      const settle = () => {
        cancel();
        this.#open.delete(stop);
      };
      this.#open.add(stop);
      sent.once('response', (answer) => {
        const said = { status: answer.statusCode ?? 0, retryAfterMs: retryAfterIn(answer, clock.now()) };
        let size = 0;
        const done = () => {
          settle();
          resolve(said);
        };
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= answerBytesMax) return;
          done();
          sent.destroy();
        });
        answer.once('close', done);
      });
      // Also after it was settled: an error that nobody listens to ends the process.
      sent.on('error', (error) => {
        if (!isFirst || !sent.reusedSocket || faultIn(error) !== 'reset') end(error);
        else {
          settle();
          resolve(this.#once(url, headers, body, false));
        }
      });
      sent.end(bytes);
    });
  }

  /** For the agents: what it gives is what they connect to. */
  #lookup(port: number): LookupFunction {
    return (name, { all }, tell) => {
      this.#addressesOf(name, port).then(
        (found) => {
          const [first] = found;
          if (all) tell(null, [...found]);
          else tell(null, first?.address ?? '', first?.family);
        },
        (error: NodeJS.ErrnoException) => tell(error, ''),
      );
    };
  }

  async #addressesOf(name: string, port: number) {
    const { lookUp = allOf, isPrivateToo } = this.#options;
    while (this.#lookups >= lookupsMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#lookups += 1;
    try {
      const found = await lookUp(name);
      if (found.length === 0) throw new AddressFault('no-name');
      for (const { address } of found) {
        if (this.#isOwn(address, port)) throw new AddressFault('own-hub');
        // One of several is enough: who mixes them has nothing good in mind.
        if (!mayConnectTo(address, isPrivateToo)) throw new AddressFault('refused-address');
      }
      return found;
    } finally {
      this.#lookups -= 1;
      this.#waiting.shift()?.();
    }
  }

  #isOwn(address: string, port: number): boolean {
    return this.#options.isOwn(plainAddress(address), port);
  }

  /** Ends what is under way. Safe to call twice. */
  close(): void {
    for (const stop of [...this.#open]) stop();
    this.#plain.destroy();
    this.#secure.destroy();
  }
}

function allOf(name: string) {
  return lookUpName(name, { all: true });
}

function hostIn({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portIn({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function retryAfterIn({ headers, statusCode }: IncomingMessage, now: number): number | undefined {
  return statusCode === 429 || statusCode === 503 ? retryAfterMs(headers['retry-after'], now) : undefined;
}

const faultsByCode: readonly (readonly [RegExp, SendFault])[] = [
  [/^(ENOTFOUND|EAI_|ENODATA)/, 'no-name'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|EACCES|EPERM)/, 'no-connection'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)/, 'reset'],
  [/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_)/, 'tls'],
  [/^(HPE_|ERR_HTTP|Z_)/, 'bad-answer'],
];

function faultIn(error: unknown): SendFault {
  if (error instanceof AddressFault) return error.fault;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return faultsByCode.find(([pattern]) => pattern.test(code))?.[1] ?? 'reset';
}
