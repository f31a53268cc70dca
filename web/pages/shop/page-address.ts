import { useSyncExternalStore } from 'react';

/** The query of the page's address, which says whether a day is shown in place of all orders. */
export function useQuery(): string {
  return useSyncExternalStore(listen, () => location.search);
}

export function namesDay(query: string): boolean {
  return new URLSearchParams(query).has('day');
}

/** Goes to a link of this page without loading it again. */
export function goTo(link: string): void {
  history.pushState(history.state, '', link);
  dispatchEvent(new PopStateEvent('popstate'));
}

export function goToToday(): void {
  const query = new URLSearchParams(location.search);
  query.set('day', 'today');
  goTo(`?${query}`);
}

function listen(changed: () => void): () => void {
  addEventListener('popstate', changed);
  return () => removeEventListener('popstate', changed);
}
