import { createElement, Fragment, type ReactNode } from 'react';
import type { Phrase } from '../words/formats.ts';

/** Renders a sentence with elements in it. */
export function PhraseText({ phrase }: { phrase: Phrase<ReactNode> }) {
  return createElement(Fragment, null, ...phrase);
}
