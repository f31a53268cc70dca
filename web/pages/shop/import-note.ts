/** What this browser knows of an import under way, so that the page can say later what was not sent. */

import { safeLocalStorage, safeSessionStorage } from '../../app/safe-storage.ts';

export interface NotedImport {
  readonly name: string;
  readonly total: number;
  /** Orders that the hub has answered. */
  readonly done: number;
}

/** A page in the background may stand still for a minute; an older note is of one that was closed. */
const staleMs = 90_000;

export class ImportNote {
  readonly #name: string;

  constructor(store: string) {
    this.#name = `import-under-way.${store}`;
  }

  write(progress: NotedImport): void {
    const tab = tabId();
    safeLocalStorage.write(this.#name, JSON.stringify({ ...progress, tab, at: Date.now() }));
  }

  forget(): void {
    safeLocalStorage.forget(this.#name);
  }

  /** @returns the import that ended with its page: at once in the same tab, later in another one */
  left(now: number): NotedImport | undefined {
    const note = noteIn(safeLocalStorage.read(this.#name));
    if (!note) return undefined;
    return note.tab === tabId() || Math.abs(now - note.at) > staleMs ? note : undefined;
  }
}

function noteIn(text: string | undefined): (NotedImport & { tab: string; at: number }) | undefined {
  if (text === undefined) return undefined;
  try {
    const { name, total, done, tab, at }: Readonly<Record<string, unknown>> = JSON.parse(text);
    const isNote = typeof name === 'string' && typeof total === 'number' && typeof done === 'number';
    return isNote && typeof at === 'number' ? { name, total, done, tab: String(tab), at } : undefined;
  } catch {
    // SyntaxError, TypeError: the stored value is not ours.
    return undefined;
  }
}

/** A reload keeps it. */
function tabId(): string {
  const known = safeSessionStorage.read('tab');
  if (known !== undefined) return known;
  const made = Math.random().toString(36).slice(2);
  safeSessionStorage.write('tab', made);
  return made;
}
