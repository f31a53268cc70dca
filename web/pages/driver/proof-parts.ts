/** What the page draws of proofs, of talk, of changes and refusals, and when a shift is over. One file: each further one would cut the page's own in two. */

export { CopyButton } from './copy-button.tsx';
export { DistanceButton } from './distance-button.tsx';
export { DutyBanner } from './duty-banner.tsx';
export { ImageNews } from './image-news.tsx';
export { AtRisk, Limits } from './limits.tsx';
export { NoteThread } from './note-thread.tsx';
export { OrderChanges } from './order-changes.tsx';
export { ProofQuestion } from './proof-question.tsx';
export { ProofRow } from './proof-row.tsx';
export { goToProof, todoText } from './proof-todo.ts';
export { RefusedList } from './refused-list.tsx';
export { ScannedStop } from './scanned-stop.tsx';
export { ShiftSummary } from './shift-summary.tsx';
