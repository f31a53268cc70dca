import type { Words } from '../en/log-actions.ts';

export const messages = (): Words => ({
  label: 'Aktionen',
  driver: 'Fahrer',
  assign: { do: 'Zuweisen', anyway: 'Trotzdem zuweisen', done: 'Zugewiesen.' },
  reassign: { do: 'Umverteilen', anyway: 'Trotzdem umverteilen', done: 'Umverteilt.' },
  step: {
    delivered: { do: 'Zugestellt', hint: () => 'Der Kunde hat das Paket.', done: 'Zugestellt.' },
    retried: {
      do: 'Neuer Versuch',
      hint: (driver) => `${driver} fährt noch einmal damit los.`,
      done: 'Wieder unterwegs.',
    },
    returning: {
      do: 'Zurückschicken',
      hint: (driver) => `${driver} bringt es zum Shop zurück.`,
      done: 'Auf dem Rückweg.',
    },
    returned: { do: 'Zurückgegeben', hint: () => 'Der Shop hat es wieder.', done: 'Zurückgegeben.' },
    released: {
      do: 'Freigeben',
      hint: (driver) => `Wieder angeboten: ${driver} hat es nicht mehr.`,
      done: 'Wieder angeboten.',
    },
  },
  amend: {
    hint: 'Wer das Paket hat, erfährt davon.',
    done: 'Geändert.',
  },
  note: { label: 'Notiz', do: 'Notiz senden', done: 'Notiz gesendet.' },
  cancel: { label: 'Grund der Stornierung', do: 'Sendung stornieren', done: 'Storniert.' },
  takeBack: (what) => `„${what}“ zurücknehmen`,
  unknownDriver: (driver) => `Jemand namens ${driver} war noch nie hier.`,
  doubtfulDriver: (driver, why) => `Ob ${driver} schon einmal hier war, ist nicht bekannt. ${why}`,
});
