/** Contents of the documentation: parts and their chapters in reading order. */

export interface Part {
  readonly title: string;
  /** Paths below `/docs` of documents or folders. */
  readonly chapters: readonly string[];
}

/** Lists every document of docs/ once, by itself or with its folder; docs.test.ts checks it. */
export const parts: readonly Part[] = [
  { title: 'Begin here', chapters: ['life', 'glossary', 'guarantees', 'compared'] },
  {
    title: 'Write a program',
    chapters: [
      ...['protocol', 'rest', 'webhooks', 'plain-clients', 'commands', 'keep'],
      ...['recipes', 'clients', 'errors', 'limits', 'versions'],
    ],
  },
  {
    title: 'Run it',
    chapters: ['running', 'https', 'messages', 'proxies', 'scale', 'changelog', 'security'],
  },
  { title: 'Look behind it', chapters: ['spec', 'proofs', 'testing', 'speed', 'contributing'] },
];

/** Design notes: linked from other documents, but not in the contents. */
export const notesFolder = 'decisions';

/** Documents outside docs/, with their paths below `/docs`. */
export const documentsElsewhere: Readonly<Record<string, string>> = {
  'CHANGELOG.md': 'changelog',
  'SECURITY.md': 'security',
  'CONTRIBUTING.md': 'contributing',
  'bench/results.md': 'speed',
};

/** Titles of folders without a document of their own. */
export const folderTitles: Readonly<Record<string, string>> = {
  errors: 'Errors',
  [notesFolder]: 'Decisions',
};
