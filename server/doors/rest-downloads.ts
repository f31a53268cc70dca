/** All that a filter leaves of the log, as one file: however much that is, it is read as fast as it is taken. */

import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import { byteOrderMark } from '../../protocol/csv.ts';
import { CapsError } from '../../protocol/errors.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Access } from '../access.ts';
import { type Answers, answerBytes } from '../answers.ts';
import type { downloadQuery } from '../api.ts';
import { csvHeader, csvOf } from '../csv.ts';
import type { Hub } from '../hub.ts';
import { type Call, type FormatName, filterIn, readerOf } from './rest-calls.ts';

interface Format {
  readonly type: string;
  readonly file: string;
  readonly header: string;
  readonly line: (record: CapsRecord) => string;
}

const formats = {
  ndjson: {
    type: 'application/x-ndjson; charset=utf-8',
    file: 'caps-events.ndjson',
    header: '',
    line: (record) => `${JSON.stringify(record)}\n`,
  },
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    file: 'caps-events.csv',
    header: byteOrderMark + csvHeader,
    line: csvOf,
  },
} as const satisfies Record<FormatName, Format>;

export class Downloads {
  readonly #hub: Hub;
  readonly #access: Access;
  readonly #answers: Answers;
  readonly #open = new Set<ServerResponse>();
  #closed = false;

  constructor({ hub, access, answers }: { hub: Hub; access: Access; answers: Answers }) {
    this.#hub = hub;
    this.#access = access;
    this.#answers = answers;
  }

  /** Ends when all was taken, or whoever asked has gone. @throws CapsError before anything was sent */
  async send(call: Call<z.output<typeof downloadQuery>>, name: FormatName): Promise<void> {
    if (this.#closed) throw new CapsError('unavailable', 'The hub is stopping; it will be back.');
    const { response, query } = call;
    const actor = readerOf(call);
    if (!(await this.#answers.room(call, answerBytes.sliced))) return;
    const { after, before, at, from, to } = query;
    const bytes = answerBytes.slice;
    const pages = this.#hub.read.allEvents(actor, { after, before, at, from, to, bytes, ...filterIn(query) });
    const first = await pages.next();
    const format = formats[name];
    response.set('content-type', format.type);
    response.set('content-disposition', `attachment; filename="${format.file}"`);
    // Half a file must not look like a whole one: what is cut ends without its end.
    const forget = this.#access.onRevoked(actor, () => response.destroy());
    this.#open.add(response);
    try {
      await this.#answers.slices(call, textsOf(format, first, pages));
    } finally {
      this.#open.delete(response);
      forget();
    }
  }

  /** Cuts what is on its way. Safe to call twice. */
  close(): void {
    this.#closed = true;
    for (const response of this.#open) response.destroy();
  }
}

type Pages = AsyncGenerator<readonly CapsRecord[], void>;

async function* textsOf(
  { header, line }: Format,
  first: Awaited<ReturnType<Pages['next']>>,
  rest: Pages,
): AsyncGenerator<string, void> {
  yield header + (first.value ?? []).map(line).join('');
  for await (const page of rest) if (page.length > 0) yield page.map(line).join('');
}
