/** The contents of the documentation: its parts, and their chapters in the order in which they are read. */

export interface Part {
  readonly title: string;
  /** Paths below `/docs`, each of a document or of a folder of documents. */
  readonly chapters: readonly string[];
}

/** Every document of docs/ stands here once, by itself or with its folder; docs.test.ts checks it. */
export const parts: readonly Part[] = [
  { title: 'Begin here', chapters: ['life', 'glossary', 'guarantees'] },
  {
    title: 'Write a program',
    chapters: ['protocol', 'commands', 'keep', 'recipes', 'clients', 'errors', 'limits', 'versions'],
  },
  { title: 'Run it', chapters: ['running', 'proxies', 'changelog', 'security'] },
  { title: 'Look behind it', chapters: ['spec', 'proofs', 'testing', 'speed', 'contributing'] },
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
