/** The two bodies of a mail, of the same words: plain text, and a page that asks nothing of any server. */

import type { Phrase } from '../../../web/words/formats.ts';
import { type Html, html } from '../../edge/html.ts';
import { lineOf, placed, webAddress } from '../texts/line.ts';
import type { MessageShop } from '../texts/message.ts';
import type { News } from '../texts/news.ts';
import { type Piece, plainText } from '../texts/template.ts';
import { mailAddress } from './mail-address.ts';

/** What stands below the news. */
export interface MailFoot {
  readonly phone: string | undefined;
  readonly email: string | undefined;
  /** Address at which the customer says that it is enough. */
  readonly unsubscribe: string | undefined;
}

/** Who can be asked, as far as the shop says. */
export function footOf({ phone, email }: MessageShop, unsubscribe: string | undefined): MailFoot {
  return {
    phone: lineOf(phone, phoneMax),
    email: mailAddress(email),
    unsubscribe: webAddress(unsubscribe),
  };
}

const phoneMax = 40;

// ---- plain text ----

export function mailText(news: News, foot: MailFoot): string {
  const { words, customer, headline, lines, isOwn, link, proof, order, shop, language } = news;
  const hello = customer === undefined ? undefined : words.own.hello(placed(customer, language));
  const body = lines.map(plainText).join('\n');
  const names = { shop, ...foot };
  const parts = [
    ...(isOwn ? [] : [hello, `${headline}.`]),
    body,
    proof !== undefined && `${words.own.proof}:\n${proof}`,
    link !== undefined && !hasLink(news) && `${linkWords(news)}:\n${link}`,
    contactOf(words.track.contact, names, (text) => placed(text, language))?.join(''),
    [
      `${order} · ${placed(shop, language)}`,
      words.own.why(placed(shop, language)),
      ...(foot.unsubscribe === undefined ? [] : [`${words.own.stop}:\n${foot.unsubscribe}`]),
    ].join('\n'),
  ];
  return `${parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n')}\n`;
}

/** A shop's own words may have the link where they want it. */
function hasLink({ lines }: News): boolean {
  return lines.flat().some((piece) => typeof piece !== 'string');
}

/** There is nothing to follow once it has come. */
function linkWords({ kind, words }: News): string {
  return kind === 'delivered' ? words.own.see : words.own.follow;
}

interface ContactNames extends Pick<MailFoot, 'phone' | 'email'> {
  readonly shop: string;
}

function contactOf<T>(
  words: News['words']['track']['contact'],
  { shop, phone, email }: ContactNames,
  draw: (text: string, scheme?: 'tel' | 'mailto') => T,
): Phrase<T> | undefined {
  if (phone !== undefined && email !== undefined) {
    return words.both<T>(draw(shop), draw(phone, 'tel'), draw(email, 'mailto'));
  }
  if (phone !== undefined) return words.call<T>(draw(shop), draw(phone, 'tel'));
  return email === undefined ? undefined : words.write<T>(draw(shop), draw(email, 'mailto'));
}

// ---- HTML ----

export function mailHtml(news: News, foot: MailFoot): string {
  const { language, direction, subject, shop, headline, order, words, isOwn } = news;
  const contact = contactOf<Html>(words.track.contact, { shop, ...foot }, drawn);
  return html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style>${style}</style>
</head>
<body dir="${direction}">
<div class="mail" lang="${language}">
<p class="shop"><bdi>${shop}</bdi></p>
<h1>${headline}</h1>
${isOwn ? [] : hello(news)}${paragraphs(news)}
${buttons(news)}
${contact !== undefined && html`<p class="quiet">${drawnPhrase(contact)}</p>`}
<div class="foot">
<p>${order} · <bdi>${shop}</bdi></p>
<p>${words.own.why(placed(shop, language))}</p>
${foot.unsubscribe !== undefined && html`<p><a href="${foot.unsubscribe}">${words.own.stop}</a></p>`}
</div>
</div>
</body>
</html>
`.text;
}

function hello({ customer, words, language }: News): Html[] {
  return customer === undefined ? [] : [html`<p>${words.own.hello(placed(customer, language))}</p>\n`];
}

function paragraphs({ lines, isOwn }: News): Html[] {
  return lines.filter((pieces) => pieces.length > 0).map((pieces) => paragraph(pieces, isOwn));
}

/** What belongs together stays on a line: `1 Dec`, `40 min`, `09:00–12:00`. */
function bound(text: string): Html {
  const joined = text.replace(/(?<=\d\.?) (?=\p{L})/gu, '\u00a0');
  const parts = joined.split(/(\d+:\d+–\d+:\d+)/);
  return html`${parts.map((part, i) => (i % 2 === 0 ? html`${part}` : html`<span class="times">${part}</span>`))}`;
}

function paragraph(pieces: readonly Piece[], isOwn: boolean): Html {
  const drawnPieces = pieces.map((piece) =>
    typeof piece === 'string'
      ? isOwn
        ? html`${piece}`
        : bound(piece)
      : html`<a class="address" dir="ltr" href="${piece.link}">${piece.link}</a>`,
  );
  return html`<p>${drawnPieces}</p>\n`;
}

/** The first is the one to press. */
function buttons(news: News): Html {
  const { proof, link, words } = news;
  // Where the proof is, all else is, too.
  const follow = hasLink(news) || proof !== undefined ? undefined : link;
  const all = [
    ...(proof === undefined ? [] : [{ address: proof, text: words.own.proof }]),
    ...(follow === undefined ? [] : [{ address: follow, text: linkWords(news) }]),
  ];
  return html`${all.map(
    ({ address, text }, i) =>
      html`<p><a class="${i === 0 ? 'button' : 'address'}" href="${address}">${text}</a></p>\n`,
  )}`;
}

function drawn(text: string, scheme?: 'tel' | 'mailto'): Html {
  if (scheme === undefined) return html`<bdi>${text}</bdi>`;
  if (scheme === 'mailto') return html`<a dir="ltr" href="mailto:${text}">${text}</a>`;
  return html`<a class="phone" dir="ltr" href="tel:${text.replace(/[^+\d]/g, '')}">${text}</a>`;
}

function drawnPhrase(phrase: Phrase<Html>): Html[] {
  return phrase.map((part) => (typeof part === 'string' ? html`${part}` : part));
}

/** Colours as on the pages (web/styles.css). Readers of mail that drop it show the same text in their own way. */
const style = html`
:root { color-scheme: light dark; }
body { margin: 0; padding: 16px; background: #f3f5f8; color: #14181f;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
.mail { max-width: 560px; margin: 0 auto; padding: 24px; border: 1px solid #d9dee5; border-radius: 14px;
  background: #ffffff; text-align: start; overflow-wrap: anywhere; }
p { margin: 0 0 16px; }
h1 { margin: 0 0 16px; font-size: 24px; line-height: 1.2; }
a { color: #0b5cc4; }
.shop { margin: 0 0 4px; color: #4d5664; }
.button { display: inline-block; padding: 12px 20px; border-radius: 8px; background: #0b5cc4; color: #ffffff;
  font-weight: 600; text-decoration: none; }
.phone { display: inline-block; }
.times { white-space: nowrap; }
.quiet { color: #4d5664; }
.foot { margin-top: 24px; padding-top: 16px; border-top: 1px solid #d9dee5; color: #4d5664; font-size: 13px; }
.foot p { margin: 0 0 4px; }
.foot a { color: inherit; }
@media (prefers-color-scheme: dark) {
  body { background: #0e1116; color: #e8ecf1; }
  .mail { background: #14181f; border-color: #2a313c; }
  a { color: #7db8ff; }
  .button { background: #7db8ff; color: #0b1220; }
  .shop, .quiet, .foot { color: #a9b2bf; }
  .foot { border-color: #2a313c; }
}
`;
