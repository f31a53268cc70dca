/** Template of the customer's page: its first state and every later one. */

import type { Status } from '../../../protocol/events.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { statusShapes } from '../../../protocol/status-look.ts';
import type { Phrase } from '../../../web/words/formats.ts';
import { directionOf } from '../../../web/words/language.ts';
import { filledWith, type Html, html } from '../../edge/html.ts';
import type { Attempt, Journey, Step, StepName } from './journey.ts';
import { type PageWords, wordsOf } from './page-words.ts';

/** The parts that fill the page's shell. */
export interface TrackPage {
  readonly title: string;
  /** The heading: whose page this is. */
  readonly shop: string;
  readonly state: Html;
  /** Further texts, and the language of everything. */
  readonly language: PageWords;
}

/** The shop's usual delivery time in minutes; undefined if unknown. */
export type UsualMinutes = number | undefined;

/** What a customer's page has beside its journey. */
export interface PageExtras {
  /** What to tell the driver at the door. */
  readonly pin?: string | undefined;
  /** The photos of the delivery that are there, by address. */
  readonly photos?: readonly string[];
  /** Photos that have been taken, and are on their way to the hub. */
  readonly coming?: number;
}

/** @param profile of the store; empty if it has none */
export function trackPageOf(
  found: Journey,
  usual: UsualMinutes,
  profile: Profile = {},
  language: PageWords = wordsOf('en'),
  extras: PageExtras = {},
): TrackPage {
  const journey: ShownJourney = { ...found, ...extras, store: profile.name ?? found.store, language };
  const { store, orderID, status, due } = journey;
  const { words } = language;
  return {
    title: (due?.isLate ? words.titleLate : words.title)(orderID, language.status[status]),
    shop: store,
    state: html`<div class="order" data-status="${status}">${now(journey, usual, profile)}${proof(journey)}${steps(journey)}${facts(journey, profile)}</div>`,
    language,
  };
}

/** A journey with the language to show it in. */
interface ShownJourney extends Omit<Journey, 'photos'>, PageExtras {
  readonly language: PageWords;
}

/** The same for every dead link, so that guessing teaches nothing. */
export function unknownPage(language: PageWords = wordsOf('en')): TrackPage {
  return emptyPage(language.words.noOrder, language);
}

/** While the log cannot be read. */
export function notNowPage(language: PageWords): TrackPage {
  return emptyPage(language.words.notNow, language);
}

function emptyPage({ title, heading, hint }: PageWords['words']['notNow'], language: PageWords): TrackPage {
  return {
    title,
    shop: 'CAPS',
    state: html`<div class="nothing">
<h1>${heading}</h1>
<p>${hint}</p>
</div>`,
    language,
  };
}

/** For a hub asked by a foreign address. @param why for the operator, in English */
export function turnedAwayPage(why: string, language: PageWords): TrackPage {
  const { title, heading } = language.words.notShown;
  return {
    title,
    shop: 'CAPS',
    state: html`<div class="nothing">
<h1>${heading}</h1>
<p lang="en" dir="ltr">${why}</p>
</div>`,
    language,
  };
}

/** @param shell the built page with placeholders */
export function filled(shell: string, { title, shop, state, language }: TrackPage): string {
  const { language: lang, words } = language;
  const { frame } = words;
  const page = shell.replace(
    '<html lang="en" dir="ltr">',
    `<html lang="${lang}" dir="${directionOf(lang)}">`,
  );
  return filledWith(page, {
    ...{ title, shop, state },
    ...{ 'try-now': frame.tryNow, 'new-version': frame.newVersion },
    ...{ refresh: frame.refresh, reload: frame.reload },
    link: JSON.stringify(linkWords(language)),
  });
}

/** The page's own texts, with placeholders for names. */
function linkWords({ words: { link } }: PageWords): Readonly<Record<string, string>> {
  const { connecting, live, back, offline, lost, onDay } = link;
  return {
    ...{ connecting, live, back, offline: offline('{time}') },
    ...{ lost: lost('{time}', '{seconds}'), onDay: onDay('{day}', '{time}') },
  };
}

// ---- what now, and when ----

function now(journey: ShownJourney, usual: UsualMinutes, profile: Profile): Html {
  const { words, status } = journey.language;
  return html`<section class="now" aria-label="${words.now}">
<p class="marks"><span class="mark">${shape(journey.status)}${status[journey.status]}</span>${
    journey.due?.isLate && html`<span class="mark late">${words.late}</span>`
  }</p>
<h1>${headline(journey)}</h1>
<p class="when">${when(journey, usual)}</p>
<p class="next">${whatNext(journey)}</p>
${pin(journey)}${notice(journey, profile)}${contact(journey, profile)}</section>`;
}

/** The headline sentence. Non-breaking spaces keep together what belongs together. */
function headline(journey: ShownJourney): Html {
  const { headline } = journey.language.words;
  const shop = bdi(journey.store);
  const who = driver(journey, 'first');
  switch (journey.status) {
    case 'ready':
      return said(headline.ready(shop));
    case 'claimed':
      return said(headline.claimed(who));
    case 'in-transit':
      return said(journey.attemptsInAll > 0 ? headline.again(who) : headline.inTransit(who));
    case 'delivered':
      return said(headline.delivered(who));
    case 'failed':
      return said(headline.failed(who));
    case 'returning':
      return said(headline.returning(shop));
    case 'returned':
      return said(headline.returned(shop));
    case 'cancelled':
      return html`${headline.cancelled}`;
  }
}

function when(
  { due, opensAt, status, store, attemptsInAll, language }: ShownJourney,
  usual: UsualMinutes,
): Html | false {
  const words = language.words.when;
  if (opensAt !== undefined) {
    const opens = moment(opensAt, language);
    return said(due ? words.between(opens, moment(due.at, language)) : words.after(opens));
  }
  if (due) return said((due.isLate ? words.wasDue : words.due)(moment(due.at, language)));
  const isUsual = status === 'ready' || status === 'claimed' || status === 'in-transit';
  if (!isUsual || attemptsInAll > 0 || usual === undefined) return false;
  return said(words.usually(bdi(store), span(usual, language)));
}

function whatNext(journey: ShownJourney): Html {
  const { next } = journey.language.words;
  const shop = bdi(journey.store);
  const attempt = journey.attempts.at(-1);
  switch (journey.status) {
    case 'ready':
      return html`${next.ready}`;
    case 'claimed':
      return said(next.claimed(shop));
    case 'in-transit':
      return html`${next.inTransit}`;
    case 'delivered':
      return outcome(journey);
    case 'failed':
      return html`${attempt && attemptWords(attempt, journey.language)} ${said(
        attempt?.reason === 'lost' || attempt?.reason === 'damaged'
          ? next.lost(shop)
          : next.failed(driver(journey, 'within'), shop),
      )}`;
    case 'returning':
    case 'returned':
      return html`${quoted(journey)}${said(next.back(shop))}`;
    case 'cancelled':
      return html`${
        journey.said.by === 'shop' ? said(next.calledOffBy(shop)) : next.calledOff
      } ${quoted(journey)}${said(next.cancelled(shop))}`;
  }
}

function outcome({ said: { outcome, receivedBy }, language }: ShownJourney): Html {
  const words = language.words.outcome;
  const someone = receivedBy === undefined ? undefined : bdi(receivedBy);
  switch (outcome) {
    case 'recipient':
      return someone ? said(words.person(someone)) : html`${words.recipient}`;
    case 'third-party':
      return someone ? said(words.neighbourNamed(someone)) : html`${words.neighbour}`;
    case 'safe-place':
      return html`${words.safePlace}`;
    case 'mailbox':
      return html`${words.mailbox}`;
    case 'other':
    case undefined:
      return someone ? said(words.person(someone)) : html`${words.arrived}`;
  }
}

function attemptWords({ reason, text }: Attempt, { words }: PageWords): Html {
  return html`${words.reason[reason]}${text !== undefined && html` <q>${text}</q>`}`;
}

function quoted({ said: { reason }, language }: ShownJourney): Html | false {
  return reason !== undefined && html`${said(language.words.next.reason(html`<q>${reason}</q>`))} `;
}

/** Its digits apart, so that they are read out one by one. */
function pin({ pin, language }: ShownJourney): Html | false {
  if (pin === undefined) return false;
  const digits = [...pin].join('\u00a0');
  return html`<p class="pin">${said(language.words.proof.pin(html`<strong dir="ltr">${digits}</strong>`))}</p>
`;
}

// ---- the proof ----

function proof({ photos = [], coming = 0, language }: ShownJourney): Html | false {
  const { proof: words } = language.words;
  if (photos.length + coming === 0) return false;
  const shown = photos.map(
    (address) => html`<a href="${address}"><img src="${address}" alt="${words.photo}" decoding="async"></a>`,
  );
  return html`<section class="proof"><h2>${words.title}</h2>
<div class="photos">${shown}</div>${coming > 0 && html`<p>${words.coming}</p>`}</section>`;
}

// ---- the steps ----

function steps(journey: ShownJourney): Html {
  const { title } = journey.language.words.steps;
  return html`<section class="steps" aria-label="${title}"><ol>${journey.steps.map((step, i) => row(step, journey.steps[i + 1], journey))}</ol></section>`;
}

function row(step: Step, next: Step | undefined, journey: ShownJourney): Html {
  const { name, state } = step;
  const { language } = journey;
  // Failed attempts are listed with their times below.
  const at = name === 'tried' && journey.status !== 'in-transit' ? undefined : step.at;
  return html`<li data-state="${state}"${next?.state === 'coming' && html` data-next="coming"`}${state === 'current' && html` aria-current="step"`}>
${shape(lookOf(step, journey))}<span class="name"><span class="visually-hidden">${language.words.steps.state[state]}</span>${stepName(name, journey)}</span>${
    at !== undefined && moment(at, language)
  }${more(name, journey)}
</li>`;
}

function lookOf({ name, state }: Step, { status }: ShownJourney): Status | 'other' {
  if (state === 'current') return status;
  if (state === 'coming') return 'other';
  return name === 'tried' ? 'failed' : 'delivered';
}

function stepName(name: StepName, { status, language }: ShownJourney): string {
  const { steps } = language.words;
  switch (name) {
    case 'tried':
      return status === 'in-transit' ? steps.again : steps.tried;
    case 'back':
      return status === 'returned' ? steps.returned : steps.goingBack;
    case 'picked-up':
      return steps.pickedUp;
    default:
      return steps[name];
  }
}

/** Details under a step's name: who, or what came in between. */
function more(name: StepName, { attempts, attemptsInAll, driver, language }: ShownJourney): Html | false {
  const words = language.words.steps;
  if (name === 'assigned') return driver !== undefined && html`<p>${bdi(driver)}</p>`;
  if (name !== 'tried') return false;
  const untold = attemptsInAll - attempts.length;
  return html`<ul aria-label="${words.attempts}">${attempts.map(
    (attempt) =>
      html`<li><span>${attemptWords(attempt, language)}</span> ${moment(attempt.at, language)}</li>`,
  )}</ul>${untold > 0 && html`<p>${words.before(untold)}</p>`}`;
}

// ---- the order ----

function facts({ store, orderID, customer, address, language }: ShownJourney, profile: Profile): Html {
  const { order } = language.words;
  return html`<section class="facts" aria-label="${order.title}"><dl>
<div><dt>${order.id}</dt><dd class="mono">${bdi(orderID)}</dd></div>
<div><dt>${order.from}</dt><dd>${bdi(store)}${profile.address !== undefined && html`<br>${bdi(profile.address)}`}</dd></div>
<div><dt>${order.to}</dt><dd>${bdi(customer)}<br>${bdi(address)}</dd></div>
</dl></section>`;
}

/**
 * What the shop tells its customers, unless the parcel does not come any more, and its opening hours where no way to reach it stands
 * before them.
 */
function notice({ status }: ShownJourney, { phone, email, hours, told: text }: Profile): Html | false {
  const told = status === 'returning' || status === 'returned' || status === 'cancelled' ? undefined : text;
  const isAlone = phone === undefined && email === undefined && hours !== undefined;
  if (told === undefined && !isAlone) return false;
  return html`<p class="contact">${told !== undefined && bdi(told)}${isAlone && html` ${bdi(hours)}`}</p>
`;
}

/** How to reach the shop, if its profile says so. */
function contact({ store, language }: ShownJourney, { phone, email, hours }: Profile): Html | false {
  if (phone === undefined && email === undefined) return false;
  const { contact } = language.words;
  const shop = bdi(store);
  const call = phone !== undefined && link('tel', phone.replace(/[^\d+]/g, ''), phone);
  const write = email !== undefined && link('mailto', encodeURIComponent(email), email);
  const ways =
    call && write
      ? contact.both(shop, call, write)
      : call
        ? contact.call(shop, call)
        : write && contact.write(shop, write);
  return html`<p class="contact">${ways && said(ways)}${hours !== undefined && html` ${bdi(hours)}`}</p>
`;
}

function link(scheme: 'tel' | 'mailto', target: string, text: string): Html {
  return html`<a href="${scheme}:${target}"><bdi>${text}</bdi></a>`;
}

// ---- small parts ----

/** Isolates the direction of users' texts. */
function bdi(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function driver({ driver, language }: ShownJourney, place: 'first' | 'within'): Html {
  return driver === undefined ? html`${language.words.driver[place]}` : bdi(driver);
}

/** A phrase that contains HTML. */
function said(phrase: Phrase<Html | string>): Html {
  return html`${phrase.map((part) => html`${part}`)}`;
}

function shape(look: Status | 'other'): Html {
  return html`<svg viewBox="0 0 12 12" data-shape="${look}" aria-hidden="true"><path d="${statusShapes[look]}"/></svg>`;
}

/** In UTC, marked as such: the hub does not know the customer's zone. Their browser replaces it. */
function moment(at: string, { dates, words }: PageWords): Html {
  return html`<time datetime="${at}">${words.utc(dates.format(Date.parse(at)))}</time>`;
}

/** `40 min`, `3 hours`, `2 days` */
function span(minutes: number, { words: { when } }: PageWords): string {
  if (minutes <= 90) return when.minutes(minutes);
  const hours = Math.ceil(minutes / 60);
  return hours <= 36 ? when.hours(hours) : when.days(Math.ceil(hours / 24));
}
