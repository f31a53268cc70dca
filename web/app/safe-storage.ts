/**
 * Local and session storage that never throw. A browser may refuse storage (private windows, full storage, blocked
 * cookies); then values live in memory until the page is closed.
 */

const prefix = 'caps.';

export const safeLocalStorage = safeStorage(() => localStorage);
/** Survives a reload; other tabs do not see it. */
export const safeSessionStorage = safeStorage(() => sessionStorage);

/** Calls back when another tab of this browser changes a local value. @returns ends it */
export function followStorage(name: string, changed: () => void): () => void {
  const hear = ({ key }: StorageEvent) => {
    // Null: all of it was cleared.
    if (key === prefix + name || key === null) changed();
  };
  globalThis.addEventListener?.('storage', hear);
  return () => globalThis.removeEventListener?.('storage', hear);
}

interface SafeStorage {
  read(name: string): string | undefined;
  write(name: string, value: string): void;
  forget(name: string): void;
}

function safeStorage(storage: () => Storage): SafeStorage {
  const lost = new Map<string, string>();
  return {
    read(name) {
      try {
        return lost.get(name) ?? storage().getItem(prefix + name) ?? undefined;
      } catch {
        // SecurityError where storage is blocked.
        return undefined;
      }
    },
    write(name, value) {
      try {
        storage().setItem(prefix + name, value);
        lost.delete(name);
      } catch {
        // SecurityError where storage is blocked, QuotaExceededError where it is full.
        lost.set(name, value);
      }
    },
    forget(name) {
      lost.delete(name);
      try {
        storage().removeItem(prefix + name);
      } catch {
        // SecurityError where storage is blocked.
      }
    },
  };
}
