/** Texts for what the log's window shows. */

import { events } from '../../app/numbers.ts';
import { fullFormat, isOfDay, secondFormat } from '../../dispatch/record-text.ts';
import { logWords } from '../../words/log.ts';
import type { Range, WindowSnapshot } from './log-window.ts';

/** `18:03:11 – 18:04:00`; with the day unless that is today. */
export function rangeText({ from, to }: Range, now = new Date()): string {
  const isToday = [from, to].every((moment) => moment === undefined || isOfDay(moment, now));
  const format = (isToday ? secondFormat : fullFormat)();
  const words = logWords().range;
  if (from !== undefined && to !== undefined) return format.formatRange(Date.parse(from), Date.parse(to));
  if (from !== undefined) return words.since(format.format(Date.parse(from)));
  return words.until(format.format(Date.parse(to ?? '')));
}

/** How many events are shown, of how many. */
export function countsText(window: WindowSnapshot): string {
  const { rows, isSearching, search, searchMode, range, older, newer, total, fresh, found } = window;
  const words = logWords().counts;
  if (search.trim() === '') return range ? words.ofEvents(rows.count, total) : events(total);
  if (isSearching) return words.searching(total);
  if (found !== undefined) return words.match(found, total);
  if (searchMode === 'highlight') return events(total);
  const isAll = older === 'none' && newer === 'none';
  return isAll ? words.match(rows.count + fresh, total) : words.soFar(rows.count, total);
}
