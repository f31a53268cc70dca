/**
 * The common part of the terminal programs: options, output, the connection, and the end.
 *
 *     options ──▶ working ──done, refused, or a first Ctrl-C──▶ ending: sends waiting commands ──▶ closed
 *        │                                                          │
 *        └─ invalid: exit 2                                         └─ a second Ctrl-C: at once
 *
 * Results go to stdout, messages to stderr. Only this file of the programs touches `process`.
 */

import { inspect, styleText } from 'node:util';
import {
  type Client,
  type ClientOptions,
  type ConnectionState,
  connect,
  type Identity,
} from '../client/client.ts';
import type { RobotTimers } from '../client/driver-robot.ts';
import { tcpWire } from '../client/tcp-wire.ts';
import { escapeUnseen, escapeUnseenInJson, escapeUnseenInLayout } from '../protocol/characters.ts';
import { commonOptions, helpOf, type Options, readOptions, UsageError, type Values } from './options.ts';

export interface Program<O extends Options> {
  /** Name of the npm script that starts it. */
  readonly name: string;
  readonly about: string;
  readonly options: O;
  /** Possible arguments. */
  readonly examples: readonly string[];
  /**
   * Begins the work.
   *
   * @returns a function that makes the closing line, or '' for none. It runs when all commands are sent, before the
   *   connection closes
   * @throws UsageError if the options contradict each other
   */
  start(work: Work, options: Values<O & typeof commonOptions>): () => string;
}

/** The tools that a program gets. */
export interface Work {
  /**
   * Call it once. Reports changes of the connection on stderr; a refusal by the hub ends the program.
   *
   * @param start its `url` replaces that of the options
   */
  connect(identity: Identity, start?: Partial<Pick<ClientOptions, 'after' | 'url'>>): Client;
  /** Prints a line on stdout, or the object with `--json`. Escapes control sequences. */
  print(line: string, object: object, colour?: Colour): void;
  /** Prints a word and an object as `console.log` does: on several lines on a terminal, on one line in a pipe. */
  printWhole(word: string, shown: object, object: object): void;
  /** Current width of the terminal in cells; undefined if the output is no terminal, or JSON. */
  readonly width: (() => number) | undefined;
  /** Prints a message on stderr. */
  say(line: string): void;
  readonly timers: RobotTimers;
  /** Aborts when the program begins to end and may start nothing new. */
  readonly ending: AbortSignal;
  /** Ends the program. @param why the failure: then the exit code is 1 */
  finish(why?: string): void;
}

const timers: RobotTimers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};

export type Colour = 'green' | 'cyan' | 'yellow';

/** Time to send waiting commands at the end. The program drops the rest and exits with 1. */
const lastCallMs = 5_000;
/** npm forwards the signal that the terminal has sent already: two so close together are one key press. */
const onePressMs = 300;
/** For a terminal that does not report its width. */
const usualWidth = 80;
/** Time for the output to drain. */
const exitMs = 1_000;

export function run<O extends Options>(program: Program<O>): void {
  const { name, about, examples } = program;
  const options = { ...program.options, ...commonOptions };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader of the pipe has closed it, as `head` does.
      if (error.code === 'EPIPE') process.exit();
      process.stderr.write(`${name}: cannot write its output: ${error.message}\n`);
      process.exit(1);
    });
  }
  try {
    const values = readOptions(options, process.argv.slice(2));
    if (values.help) process.stdout.write(helpOf(name, about, options, examples));
    else begin(program, values);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${name}: ${escapeUnseen(error.message)} Try: npm run ${name} -- --help\n`);
    process.exitCode = 2;
  }
}

function begin<O extends Options>(program: Program<O>, values: Values<O & typeof commonOptions>): void {
  // The compiler cannot resolve a spread of a generic type.
  const { url, tcp, name, key, json } = values as unknown as Values<typeof commonOptions>;
  const isColourful = styleText('dim', '', { stream: process.stdout }) !== '';
  const ending = new AbortController();
  let client: Client | undefined;
  const say = (line: string) => {
    process.stderr.write(`${styleText('dim', escapeUnseen(line), { stream: process.stderr })}\n`);
  };
  const finish = (why?: string) => {
    if (ending.signal.aborted) return;
    ending.abort();
    if (why !== undefined) say(why);
    void takeLeave(client, closingLine, say).then((isAllSent) => {
      // Not `exit`, so that buffered output drains first.
      process.exitCode = isAllSent && why === undefined ? 0 : 1;
      setTimeout(() => process.exit(), exitMs).unref();
    });
  };
  const closingLine = program.start(
    {
      connect(identity, start) {
        const where = tcp ? `${tcp.host}:${tcp.port}` : (start?.url ?? url);
        const dial = tcp && { dial: tcpWire(tcp.host, tcp.port) };
        const who = { ...(name && { name }), ...(key && { key }), ...identity };
        client = connect({ url, identity: who, ...start, ...dial });
        client.on('state', reporter(`${where} as ${whoIs(identity)}`, say, finish));
        client.on('reset', () => say('the hub cannot resume from there; starting afresh'));
        return client;
      },
      print(line, object, colour) {
        if (json) printJson(object);
        else if (colour)
          process.stdout.write(`${styleText(colour, escapeUnseen(line), { stream: process.stdout })}\n`);
        else process.stdout.write(`${escapeUnseen(line)}\n`);
      },
      printWhole(word, whole, object) {
        const layout = process.stdout.isTTY ? {} : { breakLength: Number.POSITIVE_INFINITY, compact: true };
        if (json) printJson(object);
        else {
          const text = inspect(whole, { depth: null, colors: isColourful, ...layout });
          process.stdout.write(`${word} ${escapeUnseenInLayout(text)}\n`);
        }
      },
      width: process.stdout.isTTY && !json ? () => process.stdout.columns || usualWidth : undefined,
      say,
      timers,
      ending: ending.signal,
      finish,
    },
    values,
  );
  onSignal(finish);
}

function printJson(object: object): void {
  process.stdout.write(`${escapeUnseenInJson(JSON.stringify(object))}\n`);
}

/** Sends waiting commands. @returns whether the hub answered all of them */
async function takeLeave(
  client: Client | undefined,
  closingLine: () => string,
  say: (line: string) => void,
): Promise<boolean> {
  if (client && client.waiting > 0 && client.state.kind !== 'refused') {
    if (client.state.kind !== 'live') {
      say(`${client.waiting} not yet taken by the hub; Ctrl-C again to leave at once`);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    client.on('outbox', (waiting) => waiting === 0 && resolve());
    const timer = setTimeout(resolve, lastCallMs);
    await promise;
    clearTimeout(timer);
  }
  const left = client?.waiting ?? 0;
  if (left > 0) say(`${left} could not be sent`);
  const line = closingLine();
  if (line !== '') say(line);
  client?.close();
  return left === 0;
}

function onSignal(finish: () => void): void {
  let firstAt: number | undefined;
  const came = () => {
    if (firstAt !== undefined && performance.now() - firstAt > onePressMs) process.exit(130);
    firstAt ??= performance.now();
    finish();
  };
  process.on('SIGINT', came);
  process.on('SIGTERM', came);
}

/** Reports changes of the connection's state. */
function reporter(where: string, say: (line: string) => void, finish: (why: string) => void) {
  let reported: 'nothing' | 'up' | 'down' = 'nothing';
  let wasUp = false;
  return (state: ConnectionState) => {
    if (state.kind === 'refused') finish(`the hub refuses: ${state.error.message}`);
    if (state.kind === 'waiting' && reported !== 'down') {
      say(wasUp ? 'lost the hub; trying again' : `cannot reach ${where}; trying again`);
      reported = 'down';
    }
    if (state.kind === 'live' && reported !== 'up') {
      const news = state.caughtUp > 0 ? `, ${state.caughtUp} events caught up` : '';
      say(wasUp ? `back${news}` : `connected to ${where}${news}`);
      reported = 'up';
      wasUp = true;
    }
  };
}

function whoIs(identity: Identity): string {
  if (identity.role === 'vendor') return `store ${identity.store}`;
  return identity.role === 'driver' ? `driver ${identity.driver}` : identity.role;
}
