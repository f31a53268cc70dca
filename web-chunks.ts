/** How the code of the pages is cut into files: modules that the same pages start with share one. */

import type { Rolldown } from 'vite';
import { pages } from './protocol/pages.ts';

type Modules = Pick<Rolldown.ChunkingContext, 'getModuleInfo'>;
type Folder = (typeof pages)[number]['folder'];

/** Small modules that the customer's page imports as well. */
const basePieces = /\/web\/(words\/language|app\/(announcer|build|theme|safe-storage))\.ts$/;

/**
 * Each file is one more request, and compresses worse than one larger file. So all that the home page shares with another
 * one belongs to the frame. The widest group goes first, because a group takes along what its modules import.
 *
 * @param web the folder `web`
 */
export function groupsOfPages(web: string): Rolldown.CodeSplittingGroup[] {
  const foldersOf = usersOfModules(web);
  const shared = (
    priority: number,
    name: (folders: readonly Folder[]) => string | undefined,
  ): Rolldown.CodeSplittingGroup => ({
    priority,
    name: (id, modules) => name(foldersOf(id, modules)) ?? null,
  });
  return [
    { priority: 5, name: 'styles', test: /\/web\/styles\.css$/ },
    { priority: 5, name: 'base', test: basePieces },
    shared(4, (folders) => (folders.length > 1 && folders.includes('home') ? 'index' : undefined)),
    shared(3, (folders) => (folders.length > 3 ? folders.join('-') : undefined)),
    shared(2, (folders) => (folders.length > 2 ? folders.join('-') : undefined)),
    shared(1, (folders) => (folders.length > 1 ? folders.join('-') : undefined)),
  ];
}

/** @returns a function that lists the folders of the pages that start with a module */
function usersOfModules(web: string): (id: string, modules: Modules) => readonly Folder[] {
  let starts: ReadonlyMap<Folder, ReadonlySet<string>> | undefined;
  return (id, modules) => {
    starts ??= new Map(
      pages.map(({ folder }) => [
        folder,
        startOf([`${web}/main.tsx`, `${web}/pages/${folder}/${folder}-page.tsx`], modules),
      ]),
    );
    return Array.from(starts).flatMap(([folder, start]) => (start.has(id) ? [folder] : []));
  };
}

/** Follows imports, but not what is loaded on demand. */
function startOf(entries: readonly string[], modules: Modules): ReadonlySet<string> {
  const start = new Set(entries);
  for (const id of start) {
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) start.add(imported);
  }
  return start;
}
