import type { Words } from '../en/order-form.ts';

export const messages = (): Words => ({
  address: 'Adresse',
  day: 'Tag',
  today: 'Heute',
  tomorrow: 'Morgen',
  otherDay: 'Ein Datum…',
  closed: (hours) => `Nach den Öffnungszeiten ist der Laden morgen geschlossen: ${hours}`,
  notBefore: 'Nicht vor (optional)',
  due: 'Fällig (optional)',
  phone: 'Telefon (optional)',
  email: 'E-Mail (optional)',
  note: 'Notiz an den Fahrer (optional)',
  noCustomer: 'Geben Sie ein, wer die Sendung bekommt.',
  noAddress: 'Geben Sie ein, wohin sie geht.',
  noMoment: 'Geben Sie Tag und Uhrzeit ein.',
  noHour: 'Die Uhren werden in dieser Nacht über diese Zeit hinweg vorgestellt: Wählen Sie eine andere.',
  twice: 'Die Uhren zeigen diese Zeit in dieser Nacht zweimal: Wählen Sie eine andere.',
  zone: (zone) => `Die Zeiten gelten in ${zone}.`,
  past: 'Wählen Sie einen Zeitpunkt, der noch kommt.',
  reversed: 'Das liegt vor „Nicht vor“: Wählen Sie einen späteren Zeitpunkt.',
});
