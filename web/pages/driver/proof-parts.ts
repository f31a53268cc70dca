/** What the page draws of proofs, of talk, and when a shift is over. One file: each further one would cut the page's own in two. */

export { ImageNews } from './image-news.tsx';
export { NoteThread } from './note-thread.tsx';
export { ProofQuestion } from './proof-question.tsx';
export { ProofRow } from './proof-row.tsx';
export { ShiftSummary } from './shift-summary.tsx';
