/** Messages to customers, for tests and previews. */

import type { Message, MessageKind } from '../server/outbound/texts/message.ts';
import type { Language } from '../web/words/language.ts';

/** A message with everything that its kind can have. */
export function sampleMessage(
  kind: MessageKind,
  language: Language = 'en',
  more: Partial<Message> = {},
): Message {
  return {
    ...{ id: `m-${kind}`, kind, language, customer: 'Hulda Parker', order: '1042', parcel: 'red/1042' },
    shop: {
      name: 'Red Roses',
      phone: '+49 30 123456',
      email: 'hello@red.example',
      timeZone: 'Europe/Berlin',
    },
    window: { notBefore: '2026-12-01T13:00:00Z', dueAt: '2026-12-01T15:00:00Z' },
    usualMinutes: 40,
    link: 'https://caps.example/track/trk_abc',
    ...(kind === 'failed' ? { reason: { code: 'not-home' }, nextTry: nextDay } : {}),
    ...(kind === 'delivered'
      ? {
          outcome: { how: 'third-party', receivedBy: 'Ben Ali' },
          proof: 'https://caps.example/track/trk_abc#proof',
        }
      : {}),
    ...more,
  };
}

const nextDay = { notBefore: '2026-12-02T08:00:00Z', dueAt: '2026-12-02T11:00:00Z' };
