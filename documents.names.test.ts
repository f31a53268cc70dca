/** Checks that everything that a document names exists: files, scripts, settings, routes, parameters, metrics, wire names. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chosenFor } from './changed.ts';
import { doorNames } from './protocol/messages.ts';
import { rest } from './protocol/rest.ts';
import { readConfig } from './server/config.ts';
import { csvHeader } from './server/doors/rest/csv.ts';
import { codeSpans, documents, readDocument } from './testkit/documents.ts';
import { startRealHub } from './testkit/real-hub.ts';

const skipped = ['node_modules', '.git', 'dist', 'test-results'];

/** Files and folders, by path from the root. */
function treeBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !skipped.includes(name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? [path, ...treeBelow(path)] : [path];
    });
}

const tree = treeBelow('.');
const names = new Set(tree.map((path) => posix.basename(path)));
const program = tree
  .filter((path) => /^(protocol|server|client|web)\/.*\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Files of other programs, or made by a hub, a test or a build. */
const elsewhere = /^(data|dist|node_modules|test-results)\b|^caps\.sqlite|^README$/;
const isFile = /^[\w.-]+\.(ts|tsx|js|mjs|md|css|html|svg|json)$/;

/** @returns the files that a document mentions and the tree lacks */
function deadFiles(text: string): string[] {
  return codeSpans(text)
    .flatMap((span) => span.split(/[\s,]+/))
    .filter((word) => {
      if (elsewhere.test(word)) return false;
      if (isFile.test(word)) return !names.has(word);
      const [top = ''] = word.split('/');
      if (!word.includes('/') || !names.has(top) || !existsSync(top)) return false;
      // A path may end in a placeholder: `web/pages/<page>`, `server/doors/*`.
      const [known = ''] = word.split(/[*<…]/);
      return !existsSync(known === word ? word : posix.dirname(`${known}x`));
    });
}

const deadScripts = (text: string): string[] =>
  Array.from(text.matchAll(/npm run (?:--silent )?([\w:-]+)/g), ([, name = '']) => name).filter(
    (name) => !(name in scripts),
  );

/** The settings that readConfig reads. */
function knownSettings(): Set<string> {
  const asked = new Set<string>();
  readConfig(new Proxy({}, { get: (_, name) => void asked.add(String(name)) }));
  return asked;
}
const settings = knownSettings();

const deadSettings = (text: string): string[] =>
  (text.match(/\b(CAPS_[A-Z_]+|LOG_LEVEL|[A-Z]+_URL)\b/g) ?? []).filter((name) => !settings.has(name));

/** Wire names such as codes, events and statuses: in code font and with a hyphen. */
const deadWords = (text: string): string[] =>
  codeSpans(text).filter(
    (span) =>
      /^[a-z]+(-[a-z]+)+$/.test(span) &&
      !program.includes(`'${span}'`) &&
      !['.test.ts', '.spec.ts'].some((end) => names.has(span + end)),
  );

describe('names', () => {
  it.each(documents)('every file, script and setting in %s exists', (path) => {
    const text = readDocument(path);
    expect(deadFiles(text)).toEqual([]);
    expect(deadScripts(text)).toEqual([]);
    expect(deadSettings(text)).toEqual([]);
  });

  // Decision notes and results may name old things.
  it.each(documents.filter((path) => !/^(docs\/decisions|bench)\//.test(path)))(
    'every code, event and status in %s is one of the code',
    (path) => expect(deadWords(readDocument(path))).toEqual([]),
  );

  it('a dead name of each kind is found', () => {
    const text = [
      '`server/hub/hub.ts` `server/hub/gone.ts`, `web/pages/<page>` `web/gone/<page>` `gone.md`',
      'npm run --silent vendor, npm run gone. `CAPS_RATE` CAPS_GONE `not-json` `not-there`',
    ].join('\n');
    expect(deadFiles(text)).toEqual(['server/hub/gone.ts', 'web/gone/<page>', 'gone.md']);
    expect(deadScripts(text)).toEqual(['gone']);
    expect(deadSettings(text)).toEqual(['CAPS_GONE']);
    expect(deadWords(text)).toEqual(['not-there']);
  });
});

describe('settings', () => {
  it('README has every setting, and no other', () => {
    const page = readDocument('README.md');
    const table = page.slice(page.indexOf('| variable | default |'), page.indexOf('A setting that makes'));
    const shown = Array.from(table.matchAll(/^\| ([^|]*) \|/gm), ([, cell = '']) => codeSpans(cell)).flat();
    expect(shown.toSorted()).toEqual([...settings].toSorted());
  });

  it('README has their defaults', () => {
    const usual = readConfig({});
    const shown = Array.from(
      readDocument('README.md').matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| ([^|]*) \|/gm),
      ([, variables, value = '']) => [variables, value],
    );
    expect(Object.fromEntries(shown)).toMatchObject({
      '`PORT`, `HOST`': `${usual.port}, ${usual.host ?? 'all interfaces'}`,
      '`CAPS_TCP_PORT`': `${usual.tcpPort}`,
      '`CAPS_DATA`': `\`${usual.dataFolder}\``,
      '`CAPS_CLAIM_TIMEOUT`': `${(usual.claimTimeoutMs ?? 0) / 1_000}`,
      '`CAPS_RATE`, `CAPS_CONNECTIONS`': [usual.ratePerSecond, usual.connectionsPerAddress]
        .map((value) => value.toLocaleString('en'))
        .join(', '),
      '`CAPS_OUTBOUND`': `\`${usual.outbound}\``,
      '`CAPS_TRUST_PROXY`, `CAPS_DRAIN`': [usual.trustProxy, usual.drainMs]
        .map((value) => (value === 0 ? 'off' : `${value}`))
        .join(', '),
      '`LOG_LEVEL`, `CAPS_PRINT`': `\`${usual.logLevel}\`, \`${usual.print}\``,
    });
  });
});

describe('reading over REST', () => {
  const page = readDocument('docs/limits.md');
  const tableOf = (route: string): string[] => {
    const [, table = ''] = page.split(`| \`${route}\` | values | default |`);
    const [rows = ''] = table.split('\n\n');
    return Array.from(rows.matchAll(/^\| (`[^|]*) \|/gm), ([, cell = '']) => codeSpans(cell)).flat();
  };

  it.each(['GET /api/orders', 'GET /api/events'] as const)('limits.md has every parameter of %s', (route) => {
    expect(tableOf(route).toSorted()).toEqual(Object.keys(rest[route].query.shape).toSorted());
  });

  it('limits.md has every value of `via`', () => {
    expect(page).toContain(`| \`via\` | ${doorNames.map((door) => `\`${door}\``).join(', ')} | all |`);
  });

  it('rest.md has the columns of a table, in their order', () => {
    expect(readDocument('docs/rest.md')).toContain(csvHeader.trim().replaceAll(',', ', '));
  });
});

describe('testing.md', () => {
  it('names the specs that a change of the hub runs', () => {
    const specs = tree.filter((path) => path.endsWith('.spec.ts'));
    const texts = Object.fromEntries(specs.map((path) => [path, '']));
    const { playwright } = chosenFor(['server/hub/hub.ts'], texts);
    const shown = [...playwright].map((path) => `\`${posix.basename(path, '.spec.ts')}\``).join(', ');
    expect(readDocument('docs/testing.md')).toContain(`those with a parcel's whole life: ${shown} |`);
  });
});

describe('of a running hub', () => {
  /** Finds hub addresses in text and examples, and replaces placeholders by a word. */
  function addressesIn(text: string): string[] {
    const own =
      /(?<![\w./~-])(?:https?:\/\/)?(?:localhost:3000|\$hub)?(\/(?:api|schemas|openapi|asyncapi|metrics|readyz|healthz|pickup)\b[\w./:<>$-]*)/g;
    return Array.from(text.matchAll(own), ([, path = '']) =>
      path.replaceAll(/[:<$]\w+>?/g, 'x').replace(/[./]+$/, ''),
    );
  }

  it('every route that a document names is in /openapi.json, and every metric in /metrics', async () => {
    const hub = await startRealHub();
    try {
      const { paths } = (await (await fetch(`${hub.url}/openapi.json`)).json()) as { paths: object };
      const routes = Object.keys(paths).map(
        (path) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      );
      const isRoute = (path: string): boolean => routes.some((route) => route.test(path));
      // A heading of several, not an address.
      const folders = ['/schemas', '/api/orders/red/77'];
      const metrics = await (await fetch(`${hub.url}/metrics`)).text();
      const known = new Set(Array.from(metrics.matchAll(/^# TYPE (\S+)/gm), ([, name = '']) => name));
      for (const path of documents.filter((name) => !/^(docs\/decisions|bench)\//.test(name))) {
        const text = readDocument(path);
        const dead = addressesIn(text).filter((address) => !isRoute(address) && !folders.includes(address));
        expect([path, dead]).toEqual([path, []]);
        const named = text.match(/(?<![$\w])caps_[a-z_]+\b/g) ?? [];
        expect([path, named.filter((name) => !known.has(name))]).toEqual([path, []]);
      }
      const own = [...known].filter((name) => name.startsWith('caps_'));
      const table = readDocument('docs/protocol.md').match(/(?<=^\| `)caps_[a-z_]+/gm) ?? [];
      expect(table.toSorted()).toEqual(own.toSorted());
    } finally {
      await hub.close();
    }
  });
});
