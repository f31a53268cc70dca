import { useEffect, useState } from 'react';
import { filterIn, type OrderFilter, withFilter } from './order-filter.ts';

/** Browsers count how often a page writes its address, and typing is fast. */
const writeMs = 250;

/** The filter, which stands in the page's address: to be kept over a reload, and to be sent to somebody. */
export function useFilter(): [OrderFilter, (filter: OrderFilter) => void] {
  const [filter, setFilter] = useState(() => filterIn(new URLSearchParams(location.search)));
  useEffect(() => {
    const timer = setTimeout(() => {
      const address = withFilter(location.href, filter);
      if (address !== location.href) history.replaceState(history.state, '', address);
    }, writeMs);
    return () => clearTimeout(timer);
  }, [filter]);
  return [filter, setFilter];
}
