import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { oldestForScripts, oldestForStyles, stylePlugins } from './oldest-browsers.ts';
import { pages } from './protocol/pages.ts';

/** What a driver's page needs besides what is built: `web/public` in short. */
const publicFiles = ['/driver.webmanifest', '/icon.svg'];

/** Tells the service worker which files make up the driver's page, and gives its build a name. */
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
          (isEntry && name === 'index') || facadeModuleId?.endsWith('/driver-page.tsx'),
      );
      const files = [...new Set([...filesOf(entries, bundle), ...wordsFor(entries, bundle)])]
        .sort()
        .map((file) => `/${file}`);
      const build = createHash('sha256').update(files.join()).update(worker.code).digest('hex').slice(0, 12);
      const shell = JSON.stringify({
        ...{ build, files: [...files, ...publicFiles], pages: pages.map(({ path }) => path) },
      });
      worker.code = worker.code.replaceAll('__SHELL__', () => shell);
    },
  };
}

/** The other languages' words of chunks: a page that opens without network may be in any of them. */
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
 * A document for each page that names all files the page begins with: a browser that has to run one file to hear of the
 * next waits for the network once more with each. Styles stand among them, so that nothing is drawn without.
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
      for (const { name, folder } of pages) {
        const page = Object.values(bundle).find(
          (file) =>
            file.type === 'chunk' && file.facadeModuleId?.endsWith(`/${folder}/${folder}-page.tsx`) === true,
        );
        if (page?.type !== 'chunk') throw new Error(`The page ${name} was not built.`);
        const files = [...filesOf([page], bundle)].filter((file) => !html.includes(file));
        const links = files.map((file) => linkTo(file, bundle)).filter((link) => link !== undefined);
        const source = html.replace(/\n *<\/head>/, `${links.join('')}$&`);
        this.emitFile({ type: 'asset', fileName: `${name}.html`, source });
      }
    },
  };
}

/** Not to what only older browsers need, and what is no module of the page's own, as a worker is none. */
function linkTo(file: string, bundle: Rolldown.OutputBundle): string | undefined {
  const isStyle = file.endsWith('.css');
  if (/polyfills/.test(file) || !(isStyle || bundle[file]?.type === 'chunk')) return undefined;
  const rel = isStyle ? 'stylesheet' : 'modulepreload';
  return `\n    <link rel="${rel}" crossorigin href="/${file}">`;
}

/** The hub speaks WebSocket and polling: what Socket.IO's client has for a third transport need not be sent to a phone. */
function withoutWebTransport(): Plugin {
  const none = '\0no-webtransport';
  return {
    name: 'without-web-transport',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source) => (source.endsWith('/webtransport.js') ? none : undefined),
    load: (id) => (id === none ? 'export class WT {}' : undefined),
  };
}

/** Built workers are whole files, which any worker can run. From source, as in development, only modules can. */
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

/** The chunks with all that they load at once: further chunks, styles, workers. */
function filesOf(entries: readonly Rolldown.OutputChunk[], bundle: Rolldown.OutputBundle): Set<string> {
  const files = new Set<string>();
  const visit = (chunk: Rolldown.OutputChunk): void => {
    if (files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    for (const file of chunk.viteMetadata?.importedCss ?? []) files.add(file);
    for (const file of chunk.viteMetadata?.importedAssets ?? []) files.add(file);
    for (const [name, file] of Object.entries(bundle)) {
      if (chunk.imports.includes(name) && file.type === 'chunk') visit(file);
      // An older browser needs them, too.
      if (chunk.dynamicImports.includes(name) && file.name === 'polyfills' && file.type === 'chunk')
        visit(file);
      // Workers are built apart, and named in the code alone.
      if (/ticker-.*\.js$/.test(name) && chunk.code.includes(name)) files.add(name);
    }
  };
  for (const entry of entries) visit(entry);
  return files;
}

/** Worth it, where a file of this name is larger than a packet. */
const compressible = /\.(?:js|css|html|svg|json|webmanifest)$/;
const compressedMin = 1_024;

/** Beside each built file that is worth it the same as brotli and gzip have it, for the hub to give out. */
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

/** A translation, before and after it was built. */
const wordsModule = /\/web\/words\/([a-z]+)\/(.*)\.ts$/;
const wordsFile = /\/words-[^/]*\.js$/;

/** Small modules that files of nearly all pages import, each of which would be a file of its own. */
const framePieces =
  /\/react\/.*jsx-runtime|\/web\/words\/((en\/)?shared|spoken|formats)\.ts$|\/web\/(ui\/said\.tsx|app\/written\.ts)$/;

/** Those that the customer's page begins with as well. */
const basePieces = /\/web\/(words\/language|app\/(build|theme|kept))\.ts$/;

// One file for the app's build; the tests' own settings are in vitest.config.ts.
export default defineConfig({
  root: 'web',
  plugins: [
    react(),
    withoutWebTransport(),
    classicWorkers(),
    shellOfDriver(),
    documentsOfPages(),
    compressedFiles(),
  ],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    // The customer's page and the documents have shells of their own: they come with their text in them, and without React.
    rolldownOptions: {
      // A slow machine is nothing to warn of.
      checks: { pluginTimings: false },
      input: {
        ...{ index: 'web/index.html', track: 'web/track.html', docs: 'web/docs.html' },
        sw: 'web/service-worker.ts',
      },
      output: {
        // A service worker is known by its address, which stays.
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: ({ facadeModuleId }) => {
          const [, language, page] = wordsModule.exec(facadeModuleId ?? '') ?? [];
          const name = language === undefined ? '[name]' : `words-${language}-${page}`;
          return `assets/${name}-[hash].js`;
        },
        // What every page begins with, in one file: each further one is a request more.
        codeSplitting: {
          groups: [
            { name: 'frame', test: framePieces },
            { name: 'base', test: basePieces },
          ],
        },
      },
    },
    target: oldestForScripts,
    cssTarget: oldestForStyles,
    // No inline scripts or data: URLs, because the pages' CSP allows neither.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // What words need is there before them.
      resolveDependencies: (file, dependencies) => (wordsFile.test(file) ? [] : dependencies),
    },
  },
  css: { postcss: { plugins: [...stylePlugins] } },
  // Not every one of these browsers has workers that are modules.
  worker: { format: 'iife' },
});
