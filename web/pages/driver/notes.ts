import type { Author, CapsRecord } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { readAs } from '../../app/access-key.ts';
import { shared } from '../../words/shared.ts';
import type { Note } from './session-state.ts';

/** Notes kept per parcel: the latest ones. */
const notesMax = 50;

/** @returns undefined if the record is no note */
export function noteIn({ event, rev, time, details, by }: CapsRecord, driver: string): Note | undefined {
  const text = details?.['text'];
  if (event !== 'note' || typeof text !== 'string') return undefined;
  const from = by.role === 'driver' && by.id === driver ? undefined : senderName(by);
  const note = { rev, text, at: time, from };
  return details?.['urgent'] === true ? { ...note, isUrgent: true } : note;
}

/** @returns up to which record dispatch has seen the urgent notes; 0 if this record does not say */
export function seenIn({ event, details, by }: CapsRecord): number {
  const rev = event === 'seen' && by.role === 'admin' ? details?.['rev'] : 0;
  return typeof rev === 'number' ? rev : 0;
}

/** @returns the same list if nothing is new */
export function withSeen(notes: readonly Note[], rev: number): readonly Note[] {
  const isNews = (note: Note) => note.isUrgent === true && !note.isSeen && note.rev <= rev;
  if (!notes.some(isNews)) return notes;
  return notes.map((note) => (isNews(note) ? { ...note, isSeen: true } : note));
}

/** Merges notes by rev. @returns the same list if nothing is new */
export function withNotes(notes: readonly Note[], more: readonly Note[]): readonly Note[] {
  const revs = new Set(notes.map(({ rev }) => rev));
  const fresh = more.filter(({ rev }) => !revs.has(rev));
  if (fresh.length === 0) return notes;
  return [...notes, ...fresh].sort((a, b) => a.rev - b.rev).slice(-notesMax);
}

interface ReadNotes {
  readonly notes: readonly Note[];
  /** Up to which record dispatch has seen the urgent ones. */
  readonly seen: number;
}

/** Loads the notes of a parcel. @throws if the hub does not answer */
export async function fetchNotes({ store, orderID }: ParcelId, driver: string): Promise<ReadNotes> {
  const { records } = await readAs('driver', 'GET /api/orders/:store/:orderID', {
    params: { store, orderID },
    query: { as: `driver:${driver}` },
  });
  return {
    notes: records.map((record) => noteIn(record, driver)).filter((note) => note !== undefined),
    seen: Math.max(0, ...records.map(seenIn)),
  };
}

function senderName({ role, id, name }: Author): string {
  if (role === 'vendor') return shared().shop;
  if (role === 'customer') return shared().customer;
  return role === 'admin' || role === 'hub' ? shared().dispatch : (name ?? id);
}
