import type { Words } from '../en/log-keys.ts';
import { phrase } from '../formats.ts';

export const messages = (): Words => ({
  issued: 'Ausgegeben',
  list: 'Ausgegebene Schlüssel',
  none: 'Noch keine Schlüssel.',
  noneHint: 'Geben Sie jedem Shop und jedem Fahrer einen.',
  new: 'Neuer Schlüssel',
  for: 'Für',
  whose: 'Wem er gehört (optional)',
  issue: 'Schlüssel ausgeben',
  keyFor: (whose) => `Schlüssel für ${whose}.`,
  once: 'Er wird nur jetzt gezeigt und nie wieder: Geben Sie den Link oder den Code weiter.',
  code: 'QR-Code, der ein Gerät anmeldet',
  done: 'Fertig',
  facts: (hint, since) => phrase`${hint} · seit ${since}`,
  revoke: 'Widerrufen',
  revokeWhat: (whose, hint) => `Widerrufen: Schlüssel von ${whose}, ${hint}`,
  revoked: 'Widerrufen',
});
