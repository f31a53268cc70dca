import type { Words } from '../en/phone.ts';
import { phrase } from '../formats.ts';

export const messages = (): Words => ({
  title: 'Dieses Telefon auf HTTPS bringen',
  lead: 'Dann gehen hier Kamera, Standort, ein Bildschirm, der an bleibt, Kopieren und das Öffnen ohne Netz. Es dauert zwei Minuten, einmal.',
  choose: 'Welches Telefon ist es?',
  systemNames: { android: 'Android', ios: 'iPhone oder iPad' },
  steps: {
    android: [
      'Laden Sie das Zertifikat dieses Hubs herunter.',
      'Öffnen Sie die Einstellungen des Telefons, suchen Sie nach „CA-Zertifikat“ und wählen Sie es.',
      'Tippen Sie auf „Trotzdem installieren“ und wählen Sie die Datei ca.crt unter den Downloads.',
    ],
    ios: [
      'Laden Sie das Zertifikat dieses Hubs in Safari herunter, und tippen Sie auf „Zulassen“.',
      'Öffnen Sie die Einstellungen. Oben steht „Profil geladen“: Öffnen Sie es, und tippen Sie auf „Installieren“.',
      'Öffnen Sie in den Einstellungen Allgemein, Info, Zertifikatsvertrauenseinstellungen, und schalten Sie „CAPS hub“ ein.',
    ],
  },
  download: 'Zertifikat herunterladen',
  testHint: 'Kommen Sie hierher zurück, und prüfen Sie es.',
  test: 'Prüfen',
  testing: 'Wird geprüft…',
  notYet:
    'Dieses Telefon vertraut dem Hub noch nicht. Sehen Sie nach, ob der letzte Schritt getan ist; manche Browser müssen einmal geschlossen werden.',
  limits:
    'Dieses Zertifikat kann nur für Geräte Ihres eigenen Netzes bürgen und für keine Website. Um es zurückzunehmen, löschen Sie es an derselben Stelle.',
  isItOurs: 'Ist es wirklich das dieses Hubs?',
  fingerprintHint:
    'Beim Start gibt der Hub diesen Fingerabdruck aus. Auch das Telefon zeigt ihn an (SHA-256).',
  arrived: 'Dieses Gerät ist auf HTTPS.',
  works: 'Kamera, Standort, ein Bildschirm, der an bleibt, Kopieren und das Öffnen ohne Netz gehen jetzt.',
  toStart: 'Zu den Seiten',
  trusted: 'Dieser Hub hat HTTPS, dem jeder Browser vertraut.',
  goTo: (origin) => `Zu ${origin}`,
  none: 'Dieser Hub spricht einfaches HTTP.',
  noneHint: (setting) =>
    phrase`Wer ihn betreibt, kann ${setting} auf „auto“ setzen und ihn neu starten; dann steht hier, wie es weitergeht.`,
  noAnswer: 'Der Hub antwortet nicht. Laden Sie diese Seite neu, sobald er es tut.',
});
