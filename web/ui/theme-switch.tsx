import { useState } from 'react';
import { chooseTheme, keptTheme, type Theme, themes } from '../app/theme.ts';
import styles from './theme-switch.module.css';

const words: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

/** A native list of three: it costs one small control and is known to everyone. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(keptTheme);
  return (
    <label className={styles['theme']}>
      <span className="visually-hidden">Theme</span>
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
