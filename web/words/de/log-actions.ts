import type { Words } from '../en/log-actions.ts';

export const messages = (): Words => ({
  label: 'Aktionen',
  driver: 'Fahrer',
  assign: { do: 'Zuweisen', anyway: 'Trotzdem zuweisen', done: 'Zugewiesen.' },
  reassign: { do: 'Umverteilen', anyway: 'Trotzdem umverteilen', done: 'Umverteilt.' },
  note: { label: 'Notiz', do: 'Notiz senden', done: 'Notiz gesendet.' },
  cancel: { label: 'Grund der Stornierung', do: 'Sendung stornieren', done: 'Storniert.' },
  takeBack: (what) => `„${what}“ zurücknehmen`,
  unknownDriver: (driver) => `Jemand namens ${driver} war noch nie hier.`,
  doubtfulDriver: (driver, why) => `Ob ${driver} schon einmal hier war, ist nicht bekannt. ${why}`,
});
