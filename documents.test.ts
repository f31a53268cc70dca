/** Holds the documents against the tree: links lead somewhere, and tables say what the code says. */

import { readdirSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes, errorKinds } from './protocol/errors.ts';
import { isFinished, isHeld, life, type Step, statuses } from './protocol/events.ts';
import { limits } from './protocol/limits.ts';
import { profileSchema } from './protocol/profile.ts';
import { readConfig } from './server/config.ts';
import { answerBytes } from './server/edge/answers.ts';
import { budgetLimits } from './server/edge/budget.ts';
import { knownMax, knownSizeMax, rememberedMs } from './server/hub/answer-cache.ts';
import { waitingBytes, waitMs } from './server/hub/backlog.ts';
import { blobLimits } from './server/store/blobs.ts';
import { documents, readDocument } from './testkit/documents.ts';

const read = readDocument;

const withoutCode = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '');

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsIn(text: string): Set<string> {
  const headings = withoutCode(text).matchAll(/^#+ (.*)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** @returns links to files or headings that are not there */
function brokenLinks(path: string, text: string, readTarget: (path: string) => string | undefined): string[] {
  const links = Array.from(withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link);
  return links.filter((link) => {
    if (/^\w+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? text : readTarget(posix.join(posix.dirname(path), file));
    return target === undefined || (anchor !== undefined && !anchorsIn(target).has(anchor));
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return statSync(path).isDirectory() ? '' : read(path);
  } catch {
    // The file is missing.
    return undefined;
  }
}

describe('links', () => {
  it.each(documents)('every link in %s has a target', (path) => {
    expect(brokenLinks(path, read(path), readIfThere)).toEqual([]);
  });

  it('a link to a missing file or heading is found', () => {
    const target = (path: string) => (path === 'docs/b.md' ? '# One word' : undefined);
    const text =
      '[](b.md) [](b.md#one-word) [](b.md#two) [](c.md) [](#own) [](https://example.com/x#y)\n## Own';
    expect(brokenLinks('docs/a.md', text, target)).toEqual(['b.md#two', 'c.md']);
  });
});

describe('the life of a parcel', () => {
  const page = read('docs/life.md');
  const unfinished = statuses.filter((status) => !isFinished(status));
  const groups = {
    '–': ['none'],
    any: statuses,
    'any unfinished': unfinished,
    'any held': statuses.filter(isHeld),
  };

  function fromOf({ from }: Step): string {
    const group = Object.entries(groups).find(
      ([, of]) => of.length === from.length && of.every((one) => includes(from, one)),
    );
    return group?.[0] ?? from.map((status) => `\`${status}\``).join(', ');
  }
  const includes = (list: readonly string[], one: string): boolean => list.includes(one);
  const places = { same: 'the same', before: 'what it was before that change' };
  const people = {
    ...{ store: 'its store', driver: 'any driver', holder: 'the holder', admin: 'admin', hub: 'the hub' },
    ...{ author: 'who made that change', party: 'any party of the parcel' },
  };

  it('the page has exactly the transitions of the catalogue', () => {
    const table = page.slice(page.indexOf('## Events'), page.indexOf('| detail |'));
    const rows = Array.from(table.matchAll(/^(\| `[^|]*\|[^|]*\|[^|]*\|)/gm), ([, row]) => row);
    const expected = life.map((step) => {
      const to = step.to === 'same' || step.to === 'before' ? places[step.to] : `\`${step.to}\``;
      const who = step.who.map((one) => people[one]).join(', ');
      return `| \`${step.event}\` | ${fromOf(step)} → ${to} | ${who} |`;
    });
    expect(rows.toSorted()).toEqual(expected.toSorted());
  });

  it('the Mermaid drawing has exactly the changes of status', () => {
    const id = (status: string): string => status.replaceAll('-', '_');
    const [, drawing = ''] = /^```mermaid\n(.*?)^```$/ms.exec(page) ?? [];
    const arrows = Array.from(
      drawing.matchAll(/^ {2}(\S+) --> (\S+): (\S+)$/gm),
      ([, from, to, event]) => `${from} ${event} ${to}`,
    );
    const expected = life.flatMap(({ event, from, to }) =>
      to === 'same' || to === 'before'
        ? []
        : from.map((status) => `${status === 'none' ? '[*]' : id(status)} ${event} ${id(to)}`),
    );
    expect(arrows.toSorted()).toEqual([...new Set(expected)].toSorted());
    const ends = Array.from(drawing.matchAll(/^ {2}(\S+) --> \[\*\]$/gm), ([, status]) => status);
    expect(ends).toEqual(statuses.filter(isFinished).map(id));
  });

  it('the page has every status, and marks the final ones', () => {
    const table = page.slice(page.indexOf('## Statuses'), page.indexOf('## Events'));
    const rows = Array.from(table.matchAll(/^\| `([^`]*)` .* \|( yes)? \|$/gm), ([, status, final]) => [
      status,
      !!final,
    ]);
    expect(rows).toEqual(expect.arrayContaining(statuses.map((status) => [status, isFinished(status)])));
    expect(rows.length).toBe(statuses.length);
  });
});

describe('limits', () => {
  const usual = readConfig({});
  const inMiB = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;
  const inKiB = (bytes: number): string => `${bytes / 1024} KiB`;
  const rows = [
    ['a command', `${inKiB(limits.commandBytes)} of JSON`],
    ['nesting', `${limits.depth} levels`],
    ['keys of one object', `${limits.keys}`],
    ['a text', `${limits.stringLength.toLocaleString('en')} characters`],
    ['an id', `${limits.idLength} characters`],
    ['a name of a person', `${limits.nameLength} characters`],
    ['a batch', `${limits.batch} commands`],
    ['a message on Socket.IO', inMiB(limits.frameBytes)],
    ['records of a parcel before notes end', limits.notedRevs.toLocaleString('en')],
    ['proofs of a parcel', `${limits.proofs}`],
    ['wrong PINs of a parcel, until dispatch has seen them', `${limits.pinTries}`],
    ['an image on its way to the hub, while bytes of it come', `${limits.imageMs / 1_000} s`],
    ['[an image](rest.md#images) of a proof', `${limits.blobBytes.toLocaleString('en')} bytes`],
    ['its width and height', `${limits.blobSide.toLocaleString('en')} pixels each`],
    ['images of a parcel', `${blobLimits.perParcel}`],
    ['images of a hub, or of hubs with one database', `${blobLimits.bytes / 1024 ** 3} GiB`],
    ['drivers who go on reading a parcel', `the latest ${limits.pastDrivers}`],
    ['a handshake or a message, from its first byte', `${limits.completeMs / 1_000} s`],
    ['joining `/caps`', `${limits.joinMs / 1_000} s`],
    ['a page', `${limits.page} items and ${inKiB(answerBytes.page)} of JSON, one item at the least`],
    [
      'commands that wait in the hub',
      `${limits.waitingCommands.toLocaleString('en')}, ${inMiB(waitingBytes)}, ${waitMs / 1_000} s`,
    ],
    [
      'unread answers over HTTP',
      `${inMiB(budgetLimits.total)} together, ${inMiB(budgetLimits.perAddress)} of one address; long ones (downloads, a whole order, streams of connections) three quarters of either`,
    ],
    [
      'a refusal is remembered',
      `${rememberedMs / 60_000} min, the latest ${knownMax.toLocaleString('en')} and ${knownSizeMax / 1024 / 1024} MiB`,
    ],
    [
      'a claimed parcel of a silent driver',
      `${(usual.claimTimeoutMs ?? 0) / 60_000} min (\`CAPS_CLAIM_TIMEOUT\`)`,
    ],
    [
      'commands of one connection, or over REST of one actor and address',
      `${usual.ratePerSecond} a second, ten times as many at once`,
    ],
    ['connections of one address, HTTP and TCP together', usual.connectionsPerAddress.toLocaleString('en')],
    ['taking back one’s own change', `${limits.correctMs / 60_000} min`],
  ] as const;

  it.each(rows)('the page says of %s: %s', (what, limit) => {
    expect(read('docs/limits.md')).toContain(`| ${what} | ${limit} |`);
  });

  it('the page says how long the parts of a profile may be', () => {
    expect(read('docs/limits.md')).toContain(
      '| `name`, `address` and `hours` of a profile | 200 characters each |',
    );
    expect(read('docs/limits.md')).toContain('| `phone` and `email` of a profile | 40 and 254 characters |');
    const isTaken = (profile: Record<string, string>): boolean => profileSchema.safeParse(profile).success;
    const mail = (length: number): string => `a@${'b.'.repeat(120)}co`.padStart(length, 'a');
    for (const part of ['name', 'address', 'hours']) {
      expect([200, 201].map((length) => isTaken({ [part]: 'x'.repeat(length) }))).toEqual([true, false]);
    }
    expect([40, 41].map((length) => isTaken({ phone: '1'.repeat(length) }))).toEqual([true, false]);
    expect([254, 255].map((length) => isTaken({ email: mail(length) }))).toEqual([true, false]);
  });

  it('the page has the values of `status`, and no other', () => {
    const values = statuses.map((status) => `\`${status}\``).join(', ');
    expect(read('docs/limits.md')).toContain(`| \`status\` | one of ${values}; or \`open\`: `);
  });
});

describe('errors', () => {
  it.each(errorCodes)('%s has a page that says what the code says', (code) => {
    const { message, http, retryable } = errorKinds[code];
    const page = read(`docs/errors/${code}.md`);
    expect(page).toContain(`# \`${code}\`\n\n> ${message}\n`);
    expect(page).toMatch(new RegExp(`^\\| ${http}\\b.*\\| ${retryable ? 'yes' : 'no'}: `, 'm'));
    const row = `| [\`${code}\`](errors/${code}.md) | ${message} | ${http} | ${retryable ? 'yes' : ''} |`;
    expect(read('docs/errors.md')).toContain(`${row}\n`);
  });

  it('there is no page of an unknown code', () => {
    const pages = readdirSync('docs/errors');
    expect(pages.toSorted()).toEqual(errorCodes.map((code) => `${code}.md`).toSorted());
  });
});
