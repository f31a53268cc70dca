/** What the hub's REST side says, in words for a person where it is not what was asked for. */

import { shared } from '../words/shared.ts';

/** A request whose failure says what a person can do; a browser's own words are "Failed to fetch" or "Load failed". */
export async function fetchInWords(path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    throw inWords(cause);
  }
}

/** @throws Error with the sentence of the hub's problem document, or what little else is known; AbortError */
export async function readAnswer<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(await problemIn(response));
  try {
    return (await response.json()) as T;
  } catch (cause) {
    throw inWords(cause);
  }
}

/** What an `application/problem+json` says, in the page's language, or what little else is known. */
export async function problemIn(response: Response): Promise<string> {
  const { sentence, code } = await read(response);
  if (sentence === undefined) return shared().hub.status(response.status);
  return code === undefined ? sentence : shared().error(code, sentence);
}

/** The hub's own sentence, in English; undefined where somebody else has answered, a proxy say. */
export async function sentenceIn(response: Response): Promise<string | undefined> {
  return (await read(response)).sentence;
}

interface Problem {
  readonly sentence?: string | undefined;
  readonly code?: string | undefined;
}

async function read(response: Response): Promise<Problem> {
  const problem: unknown = await response.json().catch(() => undefined);
  if (typeof problem !== 'object' || problem === null) return {};
  const sentence = textOf(problem, 'detail') ?? textOf(problem, 'title');
  return { sentence, code: textOf(problem, 'code') };
}

function textOf(problem: object, name: string): string | undefined {
  const value: unknown = Reflect.get(problem, name);
  return typeof value === 'string' ? value : undefined;
}

/** Who has called a request off wants to hear of that. */
function inWords(cause: unknown): unknown {
  return cause instanceof DOMException && cause.name === 'AbortError'
    ? cause
    : new Error(shared().hub.noAnswer, { cause });
}
