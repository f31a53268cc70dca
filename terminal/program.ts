/**
 * What the programs for the terminal have in common: options, output, the connection, and how they end.
 *
 *     options ──▶ working ──done, refused, or a first Ctrl-C──▶ ending: what waits is sent ──▶ closed
 *        │                                                          │
 *        └─ not understood: exit 2                                  └─ a second Ctrl-C: at once
 *
 * What was asked for goes to stdout, all other words to stderr. Of these programs only this file touches `process`.
 */

import { inspect, styleText } from 'node:util';
import {
  type Client,
  type ClientOptions,
  type ConnectionState,
  connect,
  type Identity,
} from '../client/client.ts';
import type { RobotTimers } from '../client/robot.ts';
import { tcpWire } from '../client/tcp-wire.ts';
import { escapeUnseen, escapeUnseenInJson, escapeUnseenInLayout } from '../protocol/characters.ts';
import { commonOptions, helpOf, type Options, readOptions, UsageError, type Values } from './options.ts';

export interface Program<O extends Options> {
  /** Of the npm script that starts it. */
  readonly name: string;
  readonly about: string;
  readonly options: O;
  /** What may stand behind its name. */
  readonly examples: readonly string[];
  /**
   * Begins the work.
   * @returns what is called at the end, when all is sent and before the connection is closed, for the closing line; empty for none
   * @throws UsageError where the options do not go together
   */
  start(work: Work, options: Values<O & typeof commonOptions>): () => string;
}

/** What a program has to work with. */
export interface Work {
  /**
   * To be called once. Says on stderr how the connection fares; a refusal by the hub ends the program.
   * @param start with another url than that of the options, where something else names the hub
   */
  connect(identity: Identity, start?: Partial<Pick<ClientOptions, 'after' | 'url'>>): Client;
  /** One line on stdout, or where JSON is wanted the object. Whatever is in it, a terminal obeys nothing of it. */
  print(line: string, object: object, colour?: Colour): void;
  /** A word and an object as `console.log` shows it: over several lines on a terminal, on one where it is piped. */
  printWhole(word: string, shown: object, object: object): void;
  /** Of the terminal, in cells, as wide as it is now; undefined where the output goes elsewhere, or is JSON. */
  readonly width: (() => number) | undefined;
  /** A line for the person in front of the terminal. */
  say(line: string): void;
  readonly timers: RobotTimers;
  /** Aborted as soon as the program is to end: nothing new is begun. */
  readonly ending: AbortSignal;
  /** Ends the program. @param why it did not do what was asked: then its exit code is 1 */
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

/** For what waits in the outbox to be taken by the hub; after that it is lost, and the exit code says so. */
const lastCallMs = 5_000;
/** npm passes on the signal that the terminal has sent already: two that come so close are one key press. */
const onePressMs = 300;
/** Of a terminal that does not say. */
const usualWidth = 80;
/** Nothing should be left to do by then. */
const exitMs = 1_000;

export function run<O extends Options>(program: Program<O>): void {
  const { name, about, examples } = program;
  const options = { ...program.options, ...commonOptions };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Whoever read this has seen enough, as `head` does.
      if (error.code === 'EPIPE') process.exit();
      process.stderr.write(`${name}: what it has to say cannot be written: ${error.message}\n`);
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
  // The compiler does not see through a spread of what it does not know yet.
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
      // Not `exit`: what is on its way out is to be let go first.
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
        client.on('reset', () => say('the hub has another log than before, or the place is none of its'));
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

/** Sends what waits. @returns whether all of it was taken */
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

/** Turns the states of a connection into few words. */
function reporter(where: string, say: (line: string) => void, finish: (why: string) => void) {
  let said: 'nothing' | 'up' | 'down' = 'nothing';
  let wasUp = false;
  return (state: ConnectionState) => {
    if (state.kind === 'refused') finish(`the hub refuses: ${state.error.message}`);
    if (state.kind === 'waiting' && said !== 'down') {
      say(wasUp ? 'lost the hub; trying again' : `cannot reach ${where}; trying again`);
      said = 'down';
    }
    if (state.kind === 'live' && said !== 'up') {
      const news = state.caughtUp > 0 ? `, ${state.caughtUp} events caught up` : '';
      say(wasUp ? `back${news}` : `connected to ${where}${news}`);
      said = 'up';
      wasUp = true;
    }
  };
}

function whoIs(identity: Identity): string {
  if (identity.role === 'vendor') return `store ${identity.store}`;
  return identity.role === 'driver' ? `driver ${identity.driver}` : identity.role;
}
