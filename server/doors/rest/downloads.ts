/** Sends all records that pass a filter as one file, as fast as the client takes it. */

import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import { byteOrderMark } from '../../../protocol/csv.ts';
import { CapsError } from '../../../protocol/errors.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { unavailableReasons } from '../../../protocol/unavailable.ts';
import type { Access } from '../../access/access.ts';
import { type Answers, answerBytes } from '../../edge/answers.ts';
import type { Hub } from '../../hub/hub.ts';
import type { downloadQuery } from './api.ts';
import { type Call, type FormatName, filterIn, goneFrom, readerOf } from './calls.ts';
import { csvHeader, csvOf, damagedCsv } from './csv.ts';

interface Format {
  readonly type: string;
  readonly file: string;
  readonly header: string;
  readonly line: (record: CapsRecord) => string;
  /** Replaces a damaged record: an incomplete file must not look whole. */
  readonly damaged: (seq: number) => string;
}

const formats = {
  ndjson: {
    type: 'application/x-ndjson; charset=utf-8',
    file: 'caps-events.ndjson',
    header: '',
    line: (record) => `${JSON.stringify(record)}\n`,
    damaged: (seq) => `${JSON.stringify({ seq, damaged: true })}\n`,
  },
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    file: 'caps-events.csv',
    header: byteOrderMark + csvHeader,
    line: csvOf,
    damaged: damagedCsv,
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

  /** Resolves when all was taken, or the client is gone. @throws CapsError before anything was sent */
  async send(call: Call<z.output<typeof downloadQuery>>, name: FormatName): Promise<void> {
    if (this.#closed) throw new CapsError('unavailable', unavailableReasons.stopping);
    const { response, query } = call;
    const actor = readerOf(call);
    if (!(await this.#answers.room(call, answerBytes.sliced, 'long'))) return;
    const { after, before, at, from, to } = query;
    const format = formats[name];
    const damaged: number[] = [];
    const bytes = answerBytes.slice;
    const asked = { after, before, at, from, to, bytes, ...filterIn(query) };
    const pages = this.#hub.read.allEvents(actor, asked, {
      signal: goneFrom(response),
      onDamaged: (seq) => damaged.push(seq),
    });
    const first = await pages.next();
    const textOf = (page: readonly CapsRecord[]) => linesOf(format, page, damaged.splice(0));
    response.set('content-type', format.type);
    response.set('content-disposition', `attachment; filename="${format.file}"`);
    // A revoked key cuts the file off, so that it does not look whole.
    const forget = this.#access.onRevoked(actor, () => response.destroy());
    this.#open.add(response);
    try {
      await this.#answers.slices(call, textsOf(format.header, first, pages, textOf));
    } finally {
      this.#open.delete(response);
      forget();
    }
  }

  /** Cuts off all downloads. Safe to call twice. */
  close(): void {
    this.#closed = true;
    for (const response of this.#open) response.destroy();
  }
}

type Pages = AsyncGenerator<readonly CapsRecord[], void>;

async function* textsOf(
  header: string,
  first: Awaited<ReturnType<Pages['next']>>,
  rest: Pages,
  textOf: (page: readonly CapsRecord[]) => string,
): AsyncGenerator<string, void> {
  yield header + textOf(first.value ?? []);
  for await (const page of rest) {
    const text = textOf(page);
    if (text !== '') yield text;
  }
}

function linesOf({ line, damaged }: Format, page: readonly CapsRecord[], lost: readonly number[]): string {
  if (lost.length === 0) return page.map(line).join('');
  const lines = [
    ...page.map((record) => ({ seq: record.seq, text: line(record) })),
    ...lost.map((seq) => ({ seq, text: damaged(seq) })),
  ];
  return lines
    .sort((a, b) => a.seq - b.seq)
    .map(({ text }) => text)
    .join('');
}
