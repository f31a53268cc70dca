import type { EventName, Status } from '../../protocol/events.ts';
import { shared } from '../words/shared.ts';

/** For a status that only a later hub knows, its name. */
export function statusWord(status: Status): string {
  return wordIn(shared().status, status);
}

/** What was done, in a list of such things. @param words of the voice that says it */
export function eventWord(words: Readonly<Record<EventName, string>>, event: EventName): string {
  return wordIn(words, event);
}

/** The word for a name, or the name itself where there is none, as of one that a later hub has. */
export function wordIn(words: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}
