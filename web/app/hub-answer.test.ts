import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../../client/read.ts';
import { answerIn } from './hub-answer.ts';

afterEach(() => vi.unstubAllGlobals());

const noAnswer = 'The hub does not answer. Try again in a moment.';
/** Browsers' own messages for a network that is missing or breaks. */
const raw = ['Failed to fetch', 'Load failed', 'NetworkError when attempting to fetch resource.'];

async function read(fetched: () => Promise<Response>): Promise<unknown> {
  vi.stubGlobal('fetch', fetched);
  return answerIn(await ask('GET /api/orders', {}));
}

describe('what a person reads when a request fails', () => {
  it.each(raw)('is a sentence, not "%s"', async (message) => {
    await expect(read(() => Promise.reject(new TypeError(message)))).rejects.toThrow(noAnswer);
  });

  it('is a sentence if a proxy answers with a page, or the answer breaks off', async () => {
    await expect(read(async () => new Response('<html>'))).rejects.toThrow(noAnswer);
    await expect(read(async () => new Response('{"items":['))).rejects.toThrow(noAnswer);
  });

  it('is the hub’s sentence, if it gave one', async () => {
    const problem = { title: 'Too fast', detail: 'Send fewer requests a second.', code: 'too-fast' };
    await expect(read(async () => Response.json(problem, { status: 429 }))).rejects.toThrow(problem.detail);
    await expect(read(async () => new Response('Bad Gateway', { status: 502 }))).rejects.toThrow(
      'The hub answered with 502.',
    );
  });

  it('is no sentence for a request that was aborted: its error is passed on', async () => {
    const aborted = new DOMException('The operation was aborted.', 'AbortError');
    await expect(read(() => Promise.reject(aborted))).rejects.toBe(aborted);
  });
});
