/**
 * A client that has said hello. It reads its scope from its cursor, and each message of its own is answered:
 *
 *     a command            the hub's answer, in the order of the commands
 *     `duty`, `offers`     drivers alone
 *     what is no message   an answer if it has an id, else an error line
 */

import type { CapsError } from '../../../protocol/errors.ts';
import { type Command, parseCommand } from '../../../protocol/messages.ts';
import { authorOf } from '../../../protocol/parcel.ts';
import { type Access, readDuty } from '../../access/access.ts';
import type { Binding } from '../../access/handshakes.ts';
import type { Hub, Subscription } from '../../hub/hub.ts';
import { OfferDesk } from '../../hub/offer-desk.ts';
import type { Attendance, Presence } from '../../hub/presence.ts';
import { answerLine, errorLine, type Message, type MessageId } from './messages.ts';
import type { TcpNotices } from './notices.ts';
import type { PacedLines } from './paced-lines.ts';
import { TcpSink, type TcpSinkOptions } from './sink.ts';

export interface TcpSessionOptions {
  readonly hub: Pick<Hub, 'submit' | 'subscribe' | 'offers' | 'outage'>;
  readonly presence: Presence;
  readonly access: Pick<Access, 'onRevoked'>;
  readonly lines: PacedLines;
  readonly notices: TcpNotices;
  readonly encodedOf: TcpSinkOptions['encodedOf'];
  /** Ends the connection at once: the hub can no longer serve it. */
  readonly fail: () => void;
  /** Tells the client why its key no longer counts, and ends the connection. */
  readonly onRevoked: (why: CapsError) => void;
}

export class TcpSession {
  readonly #options: TcpSessionOptions;
  readonly #actor: Binding['actor'];
  readonly #attendance: Attendance;
  readonly #sink: TcpSink;
  readonly #subscription: Subscription;
  readonly #desk: OfferDesk;
  readonly #forgetRevocation: () => void;

  constructor({ actor, handshake }: Binding, options: TcpSessionOptions) {
    const { hub, presence, access, lines, notices, encodedOf, fail, onRevoked } = options;
    this.#options = options;
    this.#actor = actor;
    const { id: who, name } = authorOf(actor);
    this.#attendance = presence.enter({ role: handshake.role, who, name, door: 'tcp' });
    this.#sink = new TcpSink({ lines, encodedOf, presence, outage: hub.outage, fail, reader: actor });
    this.#subscription = hub.subscribe(actor, handshake.after, this.#sink, this.#attendance.lagging);
    this.#forgetRevocation = access.onRevoked(actor, onRevoked);
    this.#desk = new OfferDesk(
      (from) => hub.offers(actor, from),
      () => lines.drained(),
    );
    notices.identify(who);
  }

  /** Any data from the client counts as a sign of life. */
  seen(): void {
    this.#attendance.seen();
  }

  named(device: string): void {
    this.#attendance.named(device);
  }

  /** Resolves when every command is answered. @param cameAt when the first was received, on the hub's clock */
  async submit(messages: readonly Message[], cameAt: number): Promise<void> {
    const { hub, lines, notices } = this.#options;
    const commands = messages.map(({ whole, loss, tooFast }) => tooFast ?? loss ?? this.#parsed(whole));
    const answers = await hub.submit(this.#actor, 'tcp', commands, cameAt);
    for (const [index, answer] of answers.entries()) {
      lines.write(answerLine(messages[index]?.id, answer));
      if (!answer.ok) notices.refused(answer.error);
    }
  }

  #parsed(message: object): Command | CapsError {
    try {
      return parseCommand(message);
    } catch (error) {
      return this.#options.notices.known(error);
    }
  }

  /** Answers `duty` and `offers`. */
  async handleOwn({ event, payload, id, tooFast }: Message): Promise<void> {
    const { lines } = this.#options;
    try {
      if (tooFast) throw tooFast;
      const offers = event === 'offers' ? await this.#desk.ask(payload) : undefined;
      if (!offers) this.#attendance.duty(readDuty(this.#actor, payload));
      lines.write(answerLine(id, offers ?? { ok: true }));
    } catch (error) {
      this.refuseMessage(error, id);
    }
  }

  /** A client with ids waits for an answer to each. */
  refuseMessage(error: unknown, id: MessageId | undefined): void {
    const { lines, notices } = this.#options;
    lines.write(answerLine(id, notices.noticed(error).toAnswer()));
  }

  refuse(error: unknown, id?: MessageId): void {
    const { lines, notices } = this.#options;
    lines.write(errorLine(notices.noticed(error), id));
  }

  /** Safe to call twice. */
  close(): void {
    this.#subscription.close();
    this.#attendance.leave();
    this.#forgetRevocation();
    this.#sink.close();
  }
}
