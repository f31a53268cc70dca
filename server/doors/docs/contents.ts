/** The contents of the documentation: its parts, and their chapters in the order in which they are read. */

export interface Part {
  readonly title: string;
  /** Paths below `/docs`, each of a document or of a folder of documents. */
  readonly chapters: readonly string[];
}

/** Every document of docs/ stands here once, by itself or with its folder; docs.test.ts checks it. */
export const parts: readonly Part[] = [
  { title: 'Use it', chapters: ['life', 'recipes', 'clients', 'glossary'] },
  { title: 'Run it', chapters: ['running', 'keep', 'proxies'] },
  { title: 'Write a program', chapters: ['protocol', 'commands', 'errors', 'limits', 'versions'] },
  {
    title: 'Rely on it',
    chapters: ['guarantees', 'spec', 'proofs', 'testing', 'speed', 'changelog', 'security', 'contributing'],
  },
];

/** Notes on why something is built as it is: other documents link to them, the contents do not. */
export const notesFolder = 'decisions';

/** Documents outside docs/, with the path that each has below `/docs`. */
export const documentsElsewhere: Readonly<Record<string, string>> = {
  'CHANGELOG.md': 'changelog',
  'SECURITY.md': 'security',
  'CONTRIBUTING.md': 'contributing',
  'bench/results.md': 'speed',
};

/** What a folder's own page is called, where no document of the folder says it. */
export const folderTitles: Readonly<Record<string, string>> = {
  errors: 'Errors',
  [notesFolder]: 'Decisions',
};
