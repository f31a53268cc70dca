import { safeLocalStorage } from './safe-storage.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export function savedTheme(): Theme {
  const name = safeLocalStorage.read('theme');
  return themes.find((theme) => theme === name) ?? 'system';
}

export function chooseTheme(theme: Theme): void {
  safeLocalStorage.write('theme', theme);
  applyTheme(theme);
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
