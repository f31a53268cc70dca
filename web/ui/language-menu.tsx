import { chooseLanguage, languageChoices, savedLanguage } from '../app/language.ts';
import { languageNames } from '../words/language.ts';
import { shared } from '../words/shared.ts';
import styles from './choice.module.css';

export function LanguageMenu() {
  const words = shared().language;
  return (
    <label className={styles['choice']}>
      <span className="visually-hidden">{words.label}</span>
      <svg className={styles['lines']} viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 1 0 0-12.5c-4 4-4 8.5 0 12.5 4-4 4-8.5 0-12.5M2 8h12" />
      </svg>
      <select
        defaultValue={savedLanguage()}
        onChange={(event) => {
          const { value } = event.currentTarget;
          chooseLanguage(languageChoices.find((one) => one === value) ?? 'system');
        }}
      >
        {languageChoices.map((one) =>
          one === 'system' ? (
            <option key={one} value={one}>
              {words.system}
            </option>
          ) : (
            <option key={one} value={one} lang={one}>
              {languageNames[one]}
            </option>
          ),
        )}
      </select>
    </label>
  );
}
