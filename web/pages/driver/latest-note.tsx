import { driver } from '../../words/driver.ts';
import styles from './note-thread.module.css';
import type { Note } from './session-state.ts';

/** While the thread is closed: the latest note of others, and what became of the latest one for dispatch. */
export function LatestNote({ notes }: { notes: readonly Note[] }) {
  const latest = notes.findLast(({ from }) => from !== undefined);
  const urgent = notes.findLast(({ from, isUrgent }) => from === undefined && isUrgent === true);
  return [urgent, latest]
    .filter((note) => note !== undefined)
    .map((note) => (
      <p key={note.rev} className={styles['latest']}>
        <NoteLine note={note} />
      </p>
    ));
}

export function NoteLine({ note: { from, text, isUrgent, isSeen } }: { note: Note }) {
  const words = driver().notes;
  return (
    <span className={styles['text']}>
      <b>{from ?? words.you}</b> {isUrgent && <b>({words.forDispatch}) </b>}
      <bdi>{text}</bdi>
      {isUrgent && (
        <span className={styles['seen']} data-seen={isSeen === true}>
          {isSeen ? words.seen : words.unseen}
        </span>
      )}
    </span>
  );
}
