/** A text message: counted in segments as networks do, and never more than three of them. */

import { cut } from './line.ts';
import type { News } from './news.ts';
import { plainText } from './template.ts';

export const segmentsMax = 3;

export interface SmsText {
  readonly text: string;
  readonly encoding: 'gsm-7' | 'ucs-2';
  readonly segments: number;
}

/** The alphabet of GSM 03.38, and what of its extension takes two places. */
const basic = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]$/;
const extended = /^[\f^{}\\[~\]|€]$/;
/** Places in a message of one segment, and in each of several, which need a header. */
const places = { 'gsm-7': [160, 153], 'ucs-2': [70, 67] } as const;

/** What networks would count. */
export function measureSms(text: string): SmsText {
  let septets = 0;
  let isGsm = true;
  for (const character of text) {
    if (basic.test(character)) septets += 1;
    else if (extended.test(character)) septets += 2;
    else isGsm = false;
  }
  const encoding = isGsm ? 'gsm-7' : 'ucs-2';
  const length = isGsm ? septets : text.length;
  const [one, each] = places[encoding];
  return { text, encoding, segments: length <= one ? 1 : Math.ceil(length / each) };
}

/** The link is never cut: what stands before it is. */
export function smsOf(news: News): SmsText {
  const { shop, subject, lines, isOwn, link } = news;
  const ownText = lines.map(plainText).filter(Boolean).join(' ');
  const whole = isOwn ? ownText : [`${subject}.`, ownText, link].filter(Boolean).join(' ');
  const named = isOwn && !whole.includes(shop) ? `${shop}: ${whole}` : whole;
  const measured = measureSms(simplified(named));
  if (measured.segments <= segmentsMax) return measured;
  const isLinked = link !== undefined && named.includes(link);
  return shortened(simplified(isLinked ? named.replaceAll(link, '') : named), isLinked ? link : undefined);
}

function shortened(text: string, link: string | undefined): SmsText {
  const end = link === undefined ? '' : ` ${link}`;
  const withEnd = (max: number) => measureSms(`${cut(text, max, '...')}${end}`);
  // The longest that fits: segments do not shrink as the text grows.
  let [fits, fails] = [3, text.length + 1];
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (withEnd(middle).segments <= segmentsMax) fits = middle;
    else fails = middle;
  }
  return withEnd(fits);
}

const simpler: Readonly<Record<string, string>> = {
  ...{ '‘': "'", '’': "'", '‚': ',', '“': '"', '”': '"', '„': '"', '«': '"', '»': '"' },
  ...{ '–': '-', '—': '-', '…': '...', '·': '-' },
};

/** Without the signs that would halve the room of a text, and with no marks of direction, which old phones draw. */
function simplified(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u200e\u200f\u2066-\u2069]/g, '')
    .replace(/[\u00a0\u2000-\u200a\u202f]/g, ' ')
    .replace(/[‘’‚“”„«»–—…·]/g, (sign) => simpler[sign] ?? sign)
    .replace(/\.{2}(?!\.)(?<!\.{3})/g, '.')
    .replace(/\s+/g, ' ')
    .trim();
}
