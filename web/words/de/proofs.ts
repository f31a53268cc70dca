import type { Words } from '../en/proofs.ts';
import { type Formats, phrase } from '../formats.ts';

export const messages = (f: Formats): Words => ({
  title: 'Nachweis',
  photo: 'Foto',
  signature: 'Unterschrift',
  step: {
    'in-transit': 'Abholung',
    delivered: 'Zustellung',
    'attempt-failed': 'Versuch',
    returned: 'Rückgabe',
  },
  enlarge: (what) => `${what}: groß zeigen`,
  coming: { photo: 'Foto kommt noch', signature: 'Unterschrift kommt noch' },
  loading: 'Wird geladen…',
  notLoaded: 'Nicht geladen',
  again: 'Noch einmal',
  scanned: (code) => phrase`Gescannt: ${code}`,
  pinRight: 'Die PIN war richtig.',
  pinsWrong: (n) => f.plural(n, { one: '# PIN war falsch.', other: '# PINs waren falsch.' }),
  receivedBy: (who) => phrase`Angenommen von ${who}`,
  without: {
    photo: 'Zugestellt ohne das Foto, das verlangt war.',
    signature: 'Zugestellt ohne die Unterschrift, die verlangt war.',
    pin: 'Zugestellt ohne die PIN, die verlangt war.',
    scan: 'Zugestellt ohne den Scan, der verlangt war.',
    receivedBy: 'Zugestellt ohne den Namen dessen, der sie angenommen hat.',
  },
});
