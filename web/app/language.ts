import {
  directionOf,
  knownLanguage,
  type Language,
  languageFor,
  languages,
  localeFor,
} from '../words/language.ts';
import { loadWords, speak } from '../words/spoken.ts';
import { safeLocalStorage } from './safe-storage.ts';

/** `system`: the first of the browser's languages that we have. */
export const languageChoices = ['system', ...languages] as const;
export type LanguageChoice = (typeof languageChoices)[number];

export function savedLanguage(): LanguageChoice {
  return knownLanguage(safeLocalStorage.read('language')) ?? 'system';
}

/** Stores the choice and reloads the page. */
export function chooseLanguage(choice: LanguageChoice): void {
  if (choice === 'system') safeLocalStorage.forget('language');
  else safeLocalStorage.write('language', choice);
  location.reload();
}

/** Await this before the first render. The page is in English if the words cannot be loaded. */
export async function loadPageLanguage(): Promise<void> {
  const choice = savedLanguage();
  const language = choice === 'system' ? languageFor(navigator.languages) : choice;
  begin(language);
  // The hub may have gone away, or serve another build by now.
  if (!(await loadWords())) begin('en');
}

function begin(language: Language): void {
  speak(language, localeFor(language, navigator.languages));
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}
