/**
 * What the browser keeps for us. A browser may refuse to (private windows, full storage, blocked cookies): then
 * the page works all the same and forgets when it is closed.
 */

const prefix = 'caps.';

/** Outlives the browser window. */
export const safeLocalStorage = safeStorage(() => localStorage);
/** Lives as long as the tab: survives a reload, and another tab does not see it. */
export const safeSessionStorage = safeStorage(() => sessionStorage);

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
