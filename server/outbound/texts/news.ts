/** Puts a message into words: the hub's own, or the shop's. Every channel makes its text of them. */

import { directionOf, type Language } from '../../../web/words/language.ts';
import { lineOf, placed, webAddress } from './line.ts';
import type { Message, MessageKind } from './message.ts';
import { fillSubject, fillTemplate, type Piece, plainText, type TemplateValues } from './template.ts';
import { spanWords, windowWords } from './window-words.ts';
import { type NewsWords, newsWords } from './words.ts';

export interface News {
  readonly kind: MessageKind;
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  /** The shop's name, on one line. */
  readonly shop: string;
  readonly customer: string | undefined;
  /** `Order 1042` */
  readonly order: string;
  readonly subject: string;
  readonly headline: string;
  /** Paragraphs with addresses in them; without any, of a text for where a link stands apart. */
  readonly lines: readonly (readonly Piece[])[];
  readonly withoutLink: string;
  /** Whether the lines are the shop's own. */
  readonly isOwn: boolean;
  /** Address of the customer's page. */
  readonly link: string | undefined;
  readonly proof: string | undefined;
  readonly words: NewsWords;
}

const nameMax = 60;
const orderMax = 40;
const reasonMax = 200;

export function newsOf(message: Message): News {
  const { language, kind, template } = message;
  const words = newsWords(language);
  const facts = factsOf(message, words);
  const { shop, customer, order, link } = facts;
  const said = { shop: placed(shop, language), order: placed(order, language) };
  const sentences = sentencesOf(message, facts, words);
  const values = valuesOf(message, facts);
  const own = template === undefined ? [] : fillTemplate(template, values);
  const ownWithoutLink = template === undefined ? [] : fillTemplate(template, { ...values, link: undefined });
  const subject = template === undefined ? undefined : fillSubject(template, values);
  const isOwn = own.length > 0;
  return {
    ...{ kind, language, direction: directionOf(language), words, shop, customer, link, isOwn },
    order: words.own.order(said.order),
    subject: subject ?? words.own.subject[kind](said.order, said.shop),
    headline: words.own.headline[kind],
    lines: isOwn ? own : [[sentences.join(' ')]],
    withoutLink:
      ownWithoutLink.length > 0
        ? ownWithoutLink.map(plainText).filter(Boolean).join(' ')
        : sentences.join(' '),
    proof: kind === 'delivered' ? webAddress(message.proof) : undefined,
  };
}

interface Facts {
  readonly shop: string;
  readonly customer: string | undefined;
  readonly order: string;
  readonly link: string | undefined;
  readonly phone: string | undefined;
  readonly span: string | undefined;
  readonly window: ReturnType<typeof windowWords>;
  readonly nextTry: ReturnType<typeof windowWords>;
  readonly reason: string | undefined;
}

function factsOf(message: Message, words: NewsWords): Facts {
  const { shop, kind, nextTry } = message;
  const zone = shop.timeZone;
  return {
    shop: lineOf(shop.name, nameMax) ?? 'CAPS',
    customer: lineOf(message.customer, nameMax),
    order: lineOf(message.order, orderMax) ?? '–',
    link: webAddress(message.link),
    phone: lineOf(shop.phone, orderMax),
    span: spanWords(message.usualMinutes, words),
    window: windowWords(message.window, zone, words),
    nextTry: nextTry === 'back' ? undefined : windowWords(nextTry, zone, words),
    reason: kind === 'failed' ? reasonWords(message, words) : undefined,
  };
}

function reasonWords({ reason, language }: Message, { track }: NewsWords): string | undefined {
  if (reason === undefined) return undefined;
  const text = reason.code === 'other' ? lineOf(reason.text, reasonMax) : undefined;
  return text === undefined ? track.reason[reason.code] : ended(placed(text, language));
}

/** A driver's words end like a sentence. */
function ended(text: string): string {
  return /[.!?؟…]\u2069?$/u.test(text) ? text : `${text}.`;
}

function valuesOf({ kind, language }: Message, facts: Facts): TemplateValues {
  const name = (text: string | undefined) => (text === undefined ? undefined : placed(text, language));
  const window = kind === 'failed' ? facts.nextTry : kind === 'delivered' ? undefined : facts.window;
  const usually = kind === 'announced' || kind === 'collected' ? facts.span : undefined;
  return {
    customer: name(facts.customer),
    shop: name(facts.shop),
    order: name(facts.order),
    phone: name(facts.phone),
    window: window?.within ?? usually,
    link: facts.link,
    // The shop's own sentence goes on behind it.
    reason: facts.reason?.replace(/\.(\u2069?)$/u, '$1'),
  };
}

// ---- the hub's own words ----

function sentencesOf(message: Message, facts: Facts, words: NewsWords): string[] {
  const { lead, window, nextTry } = words.own;
  switch (message.kind) {
    case 'announced':
    case 'collected':
      return [lead[message.kind], ...whenWords(facts, words)];
    case 'next':
      return [lead.next];
    case 'late':
      return [lead.late, ...(facts.window?.end === undefined ? [] : [window.wasDue(facts.window.end)])];
    case 'failed': {
      const again = message.nextTry === 'back' ? nextTry.back : (facts.nextTry?.nextTry ?? nextTry.again);
      return [facts.reason ?? words.track.reason.other, ...(message.nextTry === undefined ? [] : [again])];
    }
    case 'delivered':
      return [outcomeWords(message, words)];
  }
}

function whenWords({ window, span }: Facts, { own }: NewsWords): string[] {
  if (window !== undefined) return [window.planned];
  return span === undefined ? [] : [own.window.usually(span)];
}

function outcomeWords({ outcome, language }: Message, { track }: NewsWords): string {
  const words = track.outcome;
  const name = lineOf(outcome?.receivedBy, nameMax);
  const someone = name === undefined ? undefined : placed(name, language);
  switch (outcome?.how) {
    case 'recipient':
      return someone === undefined ? words.recipient : words.person(someone).join('');
    case 'third-party':
      return someone === undefined ? words.neighbour : words.neighbourNamed(someone).join('');
    case 'safe-place':
      return words.safePlace;
    case 'mailbox':
      return words.mailbox;
    case 'other':
    case undefined:
      return someone === undefined ? words.arrived : words.person(someone).join('');
  }
}
