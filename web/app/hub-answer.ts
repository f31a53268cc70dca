/** What the hub's REST side says, in words for a person where it is not what was asked for. */

const noAnswer = 'The hub does not answer. Try again in a moment.';

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

/** The sentence of an `application/problem+json`, or what little else is known. */
export async function problemIn(response: Response): Promise<string> {
  return (await sentenceIn(response)) ?? `The hub answered with ${response.status}.`;
}

/** The sentence of an `application/problem+json`; undefined where somebody else has answered, a proxy say. */
export async function sentenceIn(response: Response): Promise<string | undefined> {
  const problem: unknown = await response.json().catch(() => undefined);
  if (typeof problem !== 'object' || problem === null) return undefined;
  if ('detail' in problem && typeof problem.detail === 'string') return problem.detail;
  return 'title' in problem && typeof problem.title === 'string' ? problem.title : undefined;
}

/** Who has called a request off wants to hear of that. */
function inWords(cause: unknown): unknown {
  return cause instanceof DOMException && cause.name === 'AbortError'
    ? cause
    : new Error(noAnswer, { cause });
}
