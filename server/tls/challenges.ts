/** What the hub shows a certificate authority, to prove that a name is its own. */

import { createSecureContext, type SecureContext } from 'node:tls';
import type { Pair } from './pairs.ts';

/** The name of the protocol (RFC 8737), as it stands in the first message of a handshake. */
const protocol = Buffer.from('\u000aacme-tls/1', 'latin1');
/** The head of a record: its type, version and length. */
const recordHead = 5;

/** The authority could not be asked at all. */
export class AuthorityAwayError extends Error {}

export class Challenges {
  readonly #answers = new Map<string, string>();
  #alpn: SecureContext | undefined;

  /** For HTTP-01. @returns undefined if nobody asked the hub to say it */
  answerTo(token: string): string | undefined {
    return this.#answers.get(token);
  }

  /**
   * For TLS-ALPN-01.
   * @param hello the first bytes of a handshake
   * @returns `incomplete` if more of them are needed to know; undefined for a usual handshake
   */
  contextFor(hello: Buffer): SecureContext | 'incomplete' | undefined {
    if (!this.#alpn) return undefined;
    if (hello.includes(protocol)) return this.#alpn;
    const isWhole = hello.length >= recordHead && hello.length >= recordHead + hello.readUInt16BE(3);
    return isWhole ? undefined : 'incomplete';
  }

  /** @returns takes it back */
  say(token: string, answer: string): () => void {
    this.#answers.set(token, answer);
    return () => void this.#answers.delete(token);
  }

  /** @returns takes it back */
  show(pair: Pair): () => void {
    this.#alpn = createSecureContext(pair);
    return () => {
      this.#alpn = undefined;
    };
  }
}
