/** What the page draws of proofs, in one file: it is loaded with the first open stop. */

export { ImageNews } from './image-news.tsx';
export { ProofQuestion } from './proof-question.tsx';
export { ProofRow } from './proof-row.tsx';
