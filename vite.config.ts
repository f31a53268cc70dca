import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { oldestForScripts, oldestForStyles, stylePlugins } from './oldest-browsers.ts';
import { pages } from './protocol/pages.ts';
import { groupsOfPages } from './web-chunks.ts';

/** Files of `web/public` that the driver's page needs. */
const publicFiles = ['/driver.webmanifest', '/icon.svg'];

/** Writes the name of the build and the files of what a driver opens offline, parts on demand included, into the service worker. */
function shellOfDriver(): Plugin {
  return {
    name: 'shell-of-driver',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const worker = chunks.find(({ fileName }) => fileName === 'sw.js');
      if (!worker) throw new Error('The service worker was not built.');
      const entries = chunks.filter(
        ({ isEntry, name, facadeModuleId }) =>
          (isEntry && name === 'index') ||
          /\/(driver-page|scan-page|proof-parts|image-desk|code-reader|driver-robot)\.tsx?$/.test(
            facadeModuleId ?? '',
          ),
      );
      const files = [...new Set([...filesOf(entries, bundle), ...wordsFor(entries, bundle)])]
        .sort()
        .map((file) => `/${file}`);
      const build = createHash('sha256').update(files.join()).update(worker.code).digest('hex').slice(0, 12);
      const shell = JSON.stringify({
        build,
        files: [...files, ...publicFiles],
        pages: pages.map(({ path }) => path),
      });
      worker.code = worker.code.replaceAll('__SHELL__', () => shell);
    },
  };
}

/** Translations that these chunks load on demand. The page may open offline in any language. */
function wordsFor(entries: readonly Rolldown.OutputChunk[], bundle: Rolldown.OutputBundle): Set<string> {
  const names = [...filesOf(entries, bundle)].flatMap((name) => {
    const file = bundle[name];
    return file?.type === 'chunk' ? file.dynamicImports : [];
  });
  const words = names.filter((name) => wordsFile.test(name)).map((name) => bundle[name]);
  return filesOf(
    words.filter((file) => file?.type === 'chunk'),
    bundle,
  );
}

/**
 * Emits an HTML document for each page, with links to all files that the page starts with. Otherwise the browser would
 * find each next file only after running the one before: one more round trip each. Styles are among the links, so that
 * nothing is drawn unstyled.
 */
function documentsOfPages(): Plugin {
  return {
    name: 'documents-of-pages',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const index = bundle['index.html'];
      if (index?.type !== 'asset') throw new Error('The document of the pages was not built.');
      const html = String(index.source);
      for (const [name, folder] of new Map(pages.map((page) => [page.name, page.folder]))) {
        const page = Object.values(bundle).find(
          (file) =>
            file.type === 'chunk' && file.facadeModuleId?.endsWith(`/${folder}/${folder}-page.tsx`) === true,
        );
        if (page?.type !== 'chunk') throw new Error(`The page ${name} was not built.`);
        const files = [...filesOf([page], bundle)].filter((file) => !html.includes(file));
        // The font comes last: nothing waits for it.
        const inOrder = files.toSorted((a, b) => Number(firstFont.test(a)) - Number(firstFont.test(b)));
        const links = inOrder.map((file) => linkTo(file, bundle)).filter((link) => link !== undefined);
        const source = html.replace(/\n *<\/head>/, `${links.join('')}$&`);
        this.emitFile({ type: 'asset', fileName: `${name}.html`, source });
      }
    },
  };
}

/** The font of most texts. Its style sheet would name it only after a round trip. */
const firstFont = /geist-latin-wght-normal-.*\.woff2$/;

/** Returns no link for the polyfills, which few browsers need, nor for workers, which are no modules of the page. */
function linkTo(file: string, bundle: Rolldown.OutputBundle): string | undefined {
  if (firstFont.test(file)) {
    return `\n    <link rel="preload" as="font" type="font/woff2" crossorigin href="/${file}">`;
  }
  const isStyle = file.endsWith('.css');
  if (/polyfills/.test(file) || !(isStyle || bundle[file]?.type === 'chunk')) return undefined;
  const rel = isStyle ? 'stylesheet' : 'modulepreload';
  return `\n    <link rel="${rel}" crossorigin href="/${file}">`;
}

/**
 * Parts of Socket.IO's client for what a hub never sends: WebTransport and binary data. A page that got binary data
 * would end the connection, as the client does with any other frame that it cannot read.
 */
const unusedParts = new Map([
  ['webtransport.js', 'export class WT {}'],
  ['is-binary.js', 'export const isBinary = () => false; export const hasBinary = isBinary;'],
  ['binary.js', 'export const deconstructPacket = undefined; export const reconstructPacket = undefined;'],
  ['base64-arraybuffer.js', 'export const decode = () => new ArrayBuffer(0);'],
]);

function withoutUnusedParts(): Plugin {
  return {
    name: 'without-unused-parts',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source, importer) => {
      const name = source.replace(/^.*\//, '');
      return unusedParts.has(name) && importer?.includes('.io-') ? `\0${name}` : undefined;
    },
    load: (id) => (id.startsWith('\0') ? unusedParts.get(id.slice(1)) : undefined),
  };
}

/** Builds classic workers, which all our browsers run. In development, workers are modules. */
function classicWorkers(): Plugin {
  return {
    name: 'classic-workers',
    apply: 'build',
    enforce: 'pre',
    transform: (code) => {
      const classic = code.replace(/(new Worker\(new URL\([^)]*\)), \{ type: 'module' \}/g, '$1');
      return classic === code ? undefined : { code: classic, map: null };
    },
  };
}

/**
 * Imports class names one by one instead of a table of them, so that each lies as a text where it is used. Keeps the style
 * sheets, which the code no longer names.
 */
function plainClassNames(): Plugin[] {
  return [
    {
      name: 'plain-class-names',
      apply: 'build',
      enforce: 'pre',
      transform: (code) => {
        const plain = code.replace(
          /^import (\w+) from ('[^']+\.module\.css');$/gm,
          'import * as $1 from $2;',
        );
        return plain === code ? undefined : { code: plain, map: null };
      },
    },
    {
      name: 'style-sheets-of-plain-class-names',
      apply: 'build',
      enforce: 'post',
      transform: (code, id) =>
        id.endsWith('.module.css') ? { code, map: null, moduleSideEffects: 'no-treeshake' } : undefined,
    },
  ];
}

const web = join(import.meta.dirname, 'web');
const styleSheets = readdirSync(web, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.module.css'))
  .sort();
const classNames = new Map<string, Map<string, number>>();

/** Makes a class name of two numbers, those of the sheet and of the class: `c9-2`. */
function shortClassName(name: string, path: string): string {
  const sheet = relative(web, path);
  if (!styleSheets.includes(sheet)) styleSheets.push(sheet);
  const known = classNames.get(sheet) ?? new Map<string, number>();
  classNames.set(sheet, known);
  const number = known.get(name) ?? known.size;
  known.set(name, number);
  return `c${styleSheets.indexOf(sheet).toString(36)}-${number.toString(36)}`;
}

/** The files of these chunks and of all that they load at once: further chunks, styles, workers. */
function filesOf(entries: readonly Rolldown.OutputChunk[], bundle: Rolldown.OutputBundle): Set<string> {
  const files = new Set<string>();
  const visit = (chunk: Rolldown.OutputChunk): void => {
    if (files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    for (const file of chunk.viteMetadata?.importedCss ?? []) files.add(file);
    for (const file of chunk.viteMetadata?.importedAssets ?? []) files.add(file);
    for (const [name, file] of Object.entries(bundle)) {
      if (chunk.imports.includes(name) && file.type === 'chunk') visit(file);
      // Older browsers load the polyfills before anything else.
      if (chunk.dynamicImports.includes(name) && file.name === 'polyfills' && file.type === 'chunk')
        visit(file);
      // Rolldown does not list workers; only the code names them.
      if (/ticker-.*\.js$/.test(name) && chunk.code.includes(name)) files.add(name);
    }
  };
  for (const entry of entries) visit(entry);
  return files;
}

/** Files worth compressing, if they are larger than a packet. */
const compressible = /\.(?:js|css|html|svg|json|webmanifest)$/;
const compressedMin = 1_024;

/** Writes brotli and gzip versions beside the built files; the hub serves them. */
function compressedFiles(): Plugin {
  return {
    name: 'compressed-files',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const names = await readdir(dir, { recursive: true });
      await Promise.all(
        names.map(async (name) => {
          const path = join(dir, name);
          const bytes = compressible.test(name) ? await readFile(path) : undefined;
          if (!bytes || bytes.length < compressedMin) return;
          await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes));
          await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
        }),
      );
    },
  };
}

/** A file of translated words, before and after the build. */
const wordsModule = /\/web\/words\/([a-z]+)\/(.*)\.ts$/;
const wordsFile = /\/words-[^/]*\.js$/;
const pageFile = /\/[a-z-]+-page-[^/]+\.js$/;

// Settings of the build alone; those of the tests are in vitest.config.ts.
export default defineConfig({
  root: 'web',
  plugins: [
    react(),
    withoutUnusedParts(),
    classicWorkers(),
    plainClassNames(),
    shellOfDriver(),
    documentsOfPages(),
    compressedFiles(),
  ],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    // The customer's page and the documentation have documents of their own: the hub renders them, without React.
    rolldownOptions: {
      // These warnings only mean that the machine is slow.
      checks: { pluginTimings: false },
      // A constant lies as a text or number where it is used.
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      input: {
        index: 'web/index.html',
        track: 'web/track.html',
        docs: 'web/docs.html',
        sw: 'web/service-worker.ts',
      },
      output: {
        // Browsers identify a service worker by its URL, so that must not change.
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: ({ facadeModuleId }) => {
          const [, language, page] = wordsModule.exec(facadeModuleId ?? '') ?? [];
          const name = language === undefined ? '[name]' : `words-${language}-${page}`;
          return `assets/${name}-[hash].js`;
        },
        codeSplitting: { groups: groupsOfPages(web) },
      },
    },
    target: oldestForScripts,
    cssTarget: oldestForStyles,
    // The pages' CSP allows neither inline scripts nor data: URLs.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // A page has loaded whatever its words import before it loads them, and its document names its scripts.
      resolveDependencies: (file, dependencies) => {
        if (wordsFile.test(file)) return [];
        return pageFile.test(file) ? dependencies.filter((one) => one.endsWith('.css')) : dependencies;
      },
    },
  },
  css: { postcss: { plugins: [...stylePlugins] }, modules: { generateScopedName: shortClassName } },
  // Not all of our browsers have module workers.
  worker: { format: 'iife' },
});
