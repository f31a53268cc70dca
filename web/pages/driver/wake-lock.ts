import { useEffect } from 'react';

/** Keeps the screen on while the page is visible. Browsers allow it on secure pages only. */
export function useWakeLock(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let isOver = false;
    const hold = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        lock = await navigator.wakeLock.request('screen');
        if (isOver) await lock.release();
      } catch {
        // NotAllowedError: the battery is low, or the page was hidden meanwhile.
      }
    };
    const holdAgain = () => void hold();
    // A hidden page loses its lock.
    document.addEventListener('visibilitychange', holdAgain);
    void hold();
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', holdAgain);
      void lock?.release();
    };
  }, [isWanted]);
}
