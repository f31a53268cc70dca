/**
 * Submits plain clients' steps, and again those for which the hub had no room: these programs hear no `busy`, so a refusal
 * would lose an order without a word. Who waits for room stands in the line of its address. Other addresses do not
 * stand behind it, and it takes no more of the hub's queue than its share.
 */

import { CapsError } from '../../protocol/errors.ts';
import type { Answer, Command } from '../../protocol/messages.ts';
import { type Actor, senderOf } from '../../protocol/parcel.ts';
import type { Clock } from '../clock.ts';
import type { Door } from '../hub/commit.ts';
import type { Hub } from '../hub/hub.ts';

/** Pause before the first in a line tries again. A busy hub is some hundred milliseconds behind. */
const retryMs = 25;
/** Lots of one address that wait for room; further ones are refused. */
const lineMax = 1_000;

/** A command by somebody. */
export interface Step {
  readonly actor: Actor;
  readonly command: Command | CapsError;
}

interface Line {
  /** Resolves when the last in it is through. */
  end: Promise<void>;
  length: number;
}

export class Patience {
  readonly #hub: Pick<Hub, 'submit'>;
  readonly #clock: Pick<Clock, 'after'>;
  /** Lots that wait for room, by address. */
  readonly #lines = new Map<string, Line>();

  constructor(hub: Pick<Hub, 'submit'>, clock: Pick<Clock, 'after'>) {
    this.#hub = hub;
    this.#clock = clock;
  }

  /**
   * Submits a lot of messages, each with steps that lead up to its last one. Resolves when all are recorded or refused.
   * @returns the answers to all steps, by message
   */
  async submit(address: string, door: Door, lot: readonly (readonly Step[])[]): Promise<Answer[][]> {
    const answers = this.#lines.has(address) ? lot.map(() => []) : await this.#ask(door, lot);
    if (answers.every((one, i) => isThrough(one, lot[i] ?? []))) return answers;
    return this.#inLine(address, () => this.#goOn(door, lot, answers), answers);
  }

  async #inLine(address: string, run: () => Promise<Answer[][]>, otherwise: Answer[][]): Promise<Answer[][]> {
    const line = this.#lines.get(address) ?? { end: Promise.resolve(), length: 0 };
    if (line.length >= lineMax) return otherwise.map((one) => (one.length > 0 ? one : [busy()]));
    const before = line.end;
    const mine = Promise.withResolvers<void>();
    line.end = mine.promise;
    line.length += 1;
    this.#lines.set(address, line);
    await before;
    try {
      return await run();
    } finally {
      line.length -= 1;
      if (line.length === 0) this.#lines.delete(address);
      mine.resolve();
    }
  }

  /** Tries until the hub has taken all that it had no room for. */
  async #goOn(
    door: Door,
    lot: readonly (readonly Step[])[],
    asked: readonly Answer[][],
  ): Promise<Answer[][]> {
    const answers = asked.map((one) => one.slice(0, firstBusy(one)));
    for (;;) {
      const rest = lot.map((steps, i) => steps.slice(answers[i]?.length));
      const more = await this.#ask(door, rest);
      for (const [i, one] of more.entries()) answers[i]?.push(...one.slice(0, firstBusy(one)));
      if (answers.every((one, i) => isThrough(one, lot[i] ?? []))) return answers;
      await new Promise<void>((resolve) => this.#clock.after(retryMs, resolve));
    }
  }

  /** Submits neighbours of one sender together: past the first that is `busy`, all of them are, so their order holds. */
  async #ask(door: Door, lot: readonly (readonly Step[])[]): Promise<Answer[][]> {
    const runs: { readonly actor: Actor; readonly sender: string; readonly commands: Step['command'][] }[] =
      [];
    for (const { actor, command } of lot.flat()) {
      const sender = senderOf(actor);
      const last = runs.at(-1);
      if (last?.sender === sender) last.commands.push(command);
      else runs.push({ actor, sender, commands: [command] });
    }
    const answered = await Promise.all(
      runs.map(({ actor, commands }) => this.#hub.submit(actor, door, commands)),
    );
    const all = answered.flat();
    let at = 0;
    return lot.map(({ length }) => {
      at += length;
      return all.slice(at - length, at);
    });
  }
}

function busy(): Answer {
  return new CapsError('busy').toAnswer();
}

function isBusy(answer: Answer): boolean {
  return !answer.ok && answer.error.code === 'busy';
}

/** Index of the first answer that is `busy`; after it, nothing counts. */
function firstBusy(answers: readonly Answer[]): number {
  const index = answers.findIndex(isBusy);
  return index < 0 ? answers.length : index;
}

function isThrough(answers: readonly Answer[], steps: readonly Step[]): boolean {
  return answers.length === steps.length && !answers.some(isBusy);
}
