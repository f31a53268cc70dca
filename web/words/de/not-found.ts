import type { Words } from '../en/not-found.ts';

export const messages = (): Words => ({
  title: 'Unter dieser Adresse gibt es keine Seite.',
  hint: 'Vielleicht ist der Link abgeschnitten oder hat einen Buchstaben zu viel.',
  toStart: 'Zur Startseite',
});
