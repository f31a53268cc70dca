import { useEffect, useState } from 'react';
import { filterIn, type OrderFilter, withFilter } from './order-filter.ts';

/** Debounce: browsers limit how often a page may change its address. */
const writeMs = 250;

/** The filter. It is kept in the page's address, so that a reload or a copied link restores it. */
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
