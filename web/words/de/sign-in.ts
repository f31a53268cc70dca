import type { Words } from '../en/sign-in.ts';
import { type Formats, phrase } from '../formats.ts';

const forHolders = { vendor: 'einen Shop', driver: 'einen Fahrer', admin: 'die Disposition' };

export const messages = (f: Formats): Words => ({
  signIn: 'Anmelden',
  enter: 'Geben Sie den Schlüssel ein.',
  label: 'Zugangsschlüssel',
  ask: 'Dieser Hub verlangt einen Zugangsschlüssel. Öffnen Sie den Link, den Sie bekommen haben, oder fügen Sie hier den Link oder nur den Schlüssel ein.',
  otherRole: (holder, wanted) =>
    `Dieser Schlüssel ist für ${forHolders[holder]}; diese Seite braucht einen für ${forHolders[wanted]}.`,
  others: (others, wanted) =>
    `${others.length === 1 ? 'Ihr Schlüssel ist' : 'Ihre Schlüssel sind'} für ${f.list(others.map((one) => forHolders[one]))}; diese Seite ist für ${forHolders[wanted]}.`,
  open: (page) => `${page} öffnen`,
  another: 'Ein Schlüssel für diese Seite oder ein Link mit einem öffnet sie auch.',
  source: (setting) =>
    phrase`Noch kein Schlüssel? Bitten Sie die Disposition um Ihren Link: Sie gibt Schlüssel auf der Seite Log aus. Den allerersten, ${setting}, hat die Person gesetzt, die den Hub betreibt; er ist für die Disposition.`,
  sourceOfAdmin: (setting) =>
    phrase`Noch kein Schlüssel? Der erste ist die Einstellung ${setting} des Hubs, gesetzt von der Person, die ihn betreibt. Er öffnet diese Seite, und hier werden alle anderen ausgegeben.`,
});
