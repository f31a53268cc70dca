import { fetchHubInfo } from './hub-info.ts';
import { keptInTab } from './kept.ts';

/**
 * Whether a page's simulator runs from the start: as this tab had it last, as `?auto=` says, or else on where
 * the hub is open to anyone.
 */
export async function startsAuto(page: 'vendor' | 'driver'): Promise<boolean> {
  const linked = new URLSearchParams(location.search).get('auto');
  const choice = keptInTab.read(`${page}.auto`) ?? linked;
  if (choice === 'on' || choice === 'off') return choice === 'on';
  return (await fetchHubInfo()).access === 'open';
}

export function keepAuto(page: 'vendor' | 'driver', on: boolean): void {
  keptInTab.write(`${page}.auto`, on ? 'on' : 'off');
}
