import type { EventName, Status } from '../../protocol/events.ts';
import { shared } from '../words/shared.ts';

/** @returns the word for a status; its name if this page does not know it */
export function statusWord(status: Status): string {
  return wordIn(shared().status, status);
}

/** @returns the single words of all statuses: a status of several words can wrap */
export function statusParts(): readonly string[] {
  return Object.values(shared().status).flatMap((word) => word.split(' '));
}

/** @returns the word for an event, as in a list. @param words the reader's voice */
export function eventWord(words: Readonly<Record<EventName, string>>, event: EventName): string {
  return wordIn(words, event);
}

/** @returns the word for a name; the name itself if it has none, because the hub is newer than the page */
export function wordIn(words: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}
