import { useState } from 'react';
import { chooseTheme, savedTheme, themes } from '../app/theme.ts';
import { shared } from '../words/shared.ts';
import styles from './choice.module.css';

/** A native select: small, and familiar to everyone. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(savedTheme);
  const words = shared().theme;
  return (
    <label className={styles['choice']}>
      <span className="visually-hidden">{words.label}</span>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.5v11a5.5 5.5 0 0 1 0-11z" />
      </svg>
      <select
        value={theme}
        onChange={(event) => {
          const chosen = themes.find((one) => one === event.currentTarget.value) ?? 'system';
          setTheme(chosen);
          chooseTheme(chosen);
        }}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {words[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
