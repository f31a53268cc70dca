/** What customers would read, on every way, without anything being sent. */

import type { Message } from '../texts/message.ts';
import { newsOf } from '../texts/news.ts';
import { type SmsText, smsOf } from '../texts/sms-text.ts';
import { footOf, mailHtml, mailText } from './mail-page.ts';
import { type PushPayload, pushPayload } from './push.ts';

export interface Preview {
  readonly mail: { readonly subject: string; readonly text: string; readonly html: string };
  readonly sms: SmsText;
  /** ntfy shows the same. */
  readonly push: PushPayload;
}

export function previewOf(message: Message, unsubscribe?: string): Preview {
  const news = newsOf(message);
  const foot = footOf(message.shop, unsubscribe);
  return {
    mail: { subject: news.subject, text: mailText(news, foot), html: mailHtml(news, foot) },
    sms: smsOf(news),
    push: pushPayload(news, message.parcel),
  };
}
