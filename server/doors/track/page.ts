/** The customer's page as a template: the first page and every later state of it come from here. */

import type { Status } from '../../../protocol/events.ts';
import type { Profile } from '../../../protocol/rest.ts';
import { statusShapes, statusWords } from '../../../protocol/status-look.ts';
import { escaped, type Html, html } from './html.ts';
import type { Attempt, Journey, Said, Step, StepName } from './journey.ts';

/** What is put into the page's shell. */
export interface TrackPage {
  readonly title: string;
  /** Above the state: whose page this is. */
  readonly shop: string;
  readonly state: Html;
}

/** How long the shop's orders usually take, in minutes; undefined where that is not known. */
export type Usual = number | undefined;

/** @param profile of the store; empty where it has said nothing of itself */
export function trackPageOf(found: Journey, usual: Usual, profile: Profile = {}): TrackPage {
  const journey = { ...found, store: profile.name ?? found.store };
  const { store, orderID, status, due } = journey;
  const late = due?.isLate ? ', late' : '';
  return {
    title: `Order ${orderID}: ${statusWords[status].toLowerCase()}${late}`,
    shop: store,
    state: html`<div class="order" data-status="${status}">${now(journey, usual, profile)}${steps(journey)}${facts(journey, profile)}</div>`,
  };
}

/** The same for every link that leads nowhere, so that nobody learns anything by trying some. */
export const unknownPage: TrackPage = {
  title: 'No order here',
  shop: 'CAPS',
  state: html`<div class="nothing">
<h1>There is no order behind this link.</h1>
<p>Perhaps it was cut short when it was copied. Open it once more from the message that you got, or ask your shop to send it again.</p>
</div>`,
};

/** Where the hub is asked under an address that is not its own. @param why for whoever runs it */
export function turnedAwayPage(why: string): TrackPage {
  return {
    title: 'Not shown here',
    shop: 'CAPS',
    state: html`<div class="nothing">
<h1>This page cannot be shown at this address.</h1>
<p>${why}</p>
</div>`,
  };
}

/** @param shell the built page, with a place for each part */
export function filled(shell: string, { title, shop, state }: TrackPage): string {
  const parts: Readonly<Record<string, string>> = {
    title: escaped(title),
    shop: escaped(shop),
    state: state.text,
  };
  // A function, because in a text `$&` and the like would stand for something.
  return shell.replace(/<!--(title|shop|state)-->/g, (_, name: string) => parts[name] ?? '');
}

// ---- what now, and when ----

function now(journey: Journey, usual: Usual, profile: Profile): Html {
  return html`<section class="now" aria-label="Now">
<p class="marks"><span class="mark">${shape(journey.status)}${statusWords[journey.status]}</span>${
    journey.due?.isLate && html`<span class="mark late">Late</span>`
  }</p>
<h1>${headline(journey)}</h1>
<p class="when">${when(journey, usual)}</p>
<p class="next">${whatNext(journey)}</p>
${contact(journey, profile)}</section>`;
}

/** As a person would say it. What belongs together stays together where the line breaks. */
function headline(journey: Journey): Html {
  const shop = bdi(journey.store);
  switch (journey.status) {
    case 'ready':
      return html`${shop} has your&nbsp;order ready`;
    case 'claimed':
      return html`${driver(journey)} will pick&nbsp;up your&nbsp;order`;
    case 'in-transit':
      return journey.attemptsInAll > 0
        ? html`${driver(journey)} is trying&nbsp;again`
        : html`${driver(journey)} picked&nbsp;up your&nbsp;order`;
    case 'delivered':
      return html`${driver(journey)} delivered your&nbsp;order`;
    case 'failed':
      return html`${driver(journey)} could not deliver your&nbsp;order`;
    case 'returning':
      return html`Your order is going&nbsp;back to ${shop}`;
    case 'returned':
      return html`Your order is&nbsp;back at ${shop}`;
    case 'cancelled':
      return html`Your order was&nbsp;cancelled`;
  }
}

function when({ due, status, store, attemptsInAll }: Journey, usual: Usual): Html | false {
  if (due) {
    return due.isLate ? html`It was due by ${moment(due.at)}.` : html`Due by ${moment(due.at)}`;
  }
  const isUsual = status === 'ready' || status === 'claimed' || status === 'in-transit';
  if (!isUsual || attemptsInAll > 0 || usual === undefined) return false;
  return html`Orders from ${bdi(store)} usually arrive within ${span(usual)}.`;
}

function whatNext(journey: Journey): Html {
  const shop = bdi(journey.store);
  const { said } = journey;
  const attempt = journey.attempts.at(-1);
  switch (journey.status) {
    case 'ready':
      return html`Next, a driver takes it on and picks it up.`;
    case 'claimed':
      return html`Next, it leaves ${shop} and comes to you.`;
    case 'in-transit':
      return html`It is on its way to you.`;
    case 'delivered':
      return outcome(said);
    case 'failed':
      return html`${attempt && attemptWords(attempt)} ${
        attempt?.reason === 'lost' || attempt?.reason === 'damaged'
          ? html`${shop} can tell you how it goes on.`
          : html`Next, ${driver(journey, 'your driver')} tries again or takes it back to ${shop}.`
      }`;
    case 'returning':
    case 'returned':
      return html`${quoted(said)}${shop} can tell you how to get it after all.`;
    case 'cancelled':
      return html`${
        said.by === 'shop' ? html`${shop} called it off.` : 'The delivery was called off.'
      } ${quoted(said)}${shop} can tell you more.`;
  }
}

function outcome({ outcome, receivedBy }: Said): Html {
  const someone = receivedBy === undefined ? undefined : bdi(receivedBy);
  switch (outcome) {
    case 'recipient':
      return html`It was handed over to ${someone ?? 'the recipient'}.`;
    case 'third-party':
      return html`It was handed over to a neighbour${someone && html`, ${someone}`}.`;
    case 'safe-place':
      return html`It was left in a safe place.`;
    case 'mailbox':
      return html`It is in the mailbox.`;
    case 'other':
    case undefined:
      return someone ? html`It was handed over to ${someone}.` : html`It has arrived.`;
  }
}

const reasonWords: Readonly<Record<Attempt['reason'], string>> = {
  'not-home': 'Nobody was home.',
  refused: 'It was not accepted at the door.',
  'wrong-address': 'The address was not right.',
  'no-access': 'There was no way in.',
  damaged: 'It was damaged on the way.',
  lost: 'It was lost on the way.',
  other: 'Something came in between.',
};

function attemptWords({ reason, text }: Attempt): Html {
  return html`${reasonWords[reason]}${text !== undefined && html` <q>${text}</q>`}`;
}

function quoted({ reason }: Said): Html | false {
  return reason !== undefined && html`The reason: <q>${reason}</q>. `;
}

// ---- the steps ----

const stepWords: Readonly<Record<Exclude<StepName, 'tried' | 'back'>, string>> = {
  ordered: 'Ordered',
  assigned: 'Driver assigned',
  'picked-up': 'Picked up',
  delivered: 'Delivered',
  cancelled: 'Cancelled',
};

const stateWords: Readonly<Record<Step['state'], string>> = {
  done: 'Done: ',
  current: 'Now: ',
  coming: 'To come: ',
};

function steps(journey: Journey): Html {
  return html`<section class="steps" aria-label="Steps"><ol>${journey.steps.map((step, i) => row(step, journey.steps[i + 1], journey))}</ol></section>`;
}

function row(step: Step, next: Step | undefined, journey: Journey): Html {
  const { name, state } = step;
  // Failed attempts have their own times, below.
  const at = name === 'tried' && journey.status !== 'in-transit' ? undefined : step.at;
  return html`<li data-state="${state}"${next?.state === 'coming' && html` data-next="coming"`}${state === 'current' && html` aria-current="step"`}>
${shape(lookOf(step, journey))}<span class="name"><span class="visually-hidden">${stateWords[state]}</span>${nameOf(name, journey)}</span>${
    at !== undefined && moment(at)
  }${more(name, journey)}
</li>`;
}

function lookOf({ name, state }: Step, { status }: Journey): Status | 'other' {
  if (state === 'current') return status;
  if (state === 'coming') return 'other';
  return name === 'tried' ? 'failed' : 'delivered';
}

function nameOf(name: StepName, { status }: Journey): string {
  if (name === 'tried') return status === 'in-transit' ? 'On its way again' : 'Delivery tried';
  if (name === 'back') return status === 'returned' ? 'Returned' : 'Going back';
  return stepWords[name];
}

/** Under a step's name: who, or what came in between. */
function more(name: StepName, journey: Journey): Html | false {
  const { attempts, attemptsInAll, driver } = journey;
  if (name === 'assigned') return driver !== undefined && html`<p>${bdi(driver)}</p>`;
  if (name !== 'tried') return false;
  const untold = attemptsInAll - attempts.length;
  return html`<ul aria-label="Failed attempts">${attempts.map(
    (attempt) => html`<li><span>${attemptWords(attempt)}</span> ${moment(attempt.at)}</li>`,
  )}</ul>${untold > 0 && html`<p>And ${String(untold)} more before.</p>`}`;
}

// ---- the order ----

function facts({ store, orderID, customer, address }: Journey, profile: Profile): Html {
  return html`<section class="facts" aria-label="Order"><dl>
<div><dt>Order</dt><dd class="mono">${bdi(orderID)}</dd></div>
<div><dt>From</dt><dd>${bdi(store)}${profile.address !== undefined && html`<br>${bdi(profile.address)}`}</dd></div>
<div><dt>To</dt><dd>${bdi(customer)}<br>${bdi(address)}</dd></div>
</dl></section>`;
}

/** Whom to ask, where the shop has said how it is reached. */
function contact({ store }: Journey, { phone, email, hours }: Profile): Html | false {
  if (phone === undefined && email === undefined) return false;
  const call =
    phone !== undefined && html`Call ${bdi(store)}: ${link('tel', phone.replace(/[^\d+]/g, ''), phone)}`;
  const write = email !== undefined && link('mailto', encodeURIComponent(email), email);
  const ways =
    call && write
      ? html`${call}, or write to ${write}`
      : html`${call || html`Write to ${bdi(store)}: ${write}`}`;
  return html`<p class="contact">Questions? ${ways}.${hours !== undefined && html` ${bdi(hours)}`}</p>
`;
}

function link(scheme: 'tel' | 'mailto', target: string, text: string): Html {
  return html`<a href="${scheme}:${target}"><bdi>${text}</bdi></a>`;
}

// ---- small parts ----

/** Texts of users run in their own direction. */
function bdi(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function driver({ driver }: Journey, unnamed = 'Your driver'): Html {
  return driver === undefined ? html`${unnamed}` : bdi(driver);
}

function shape(look: Status | 'other'): Html {
  return html`<svg viewBox="0 0 12 12" aria-hidden="true"><path d="${statusShapes[look]}"/></svg>`;
}

const utc = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: 'UTC', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
});

/** In UTC, and said so: nobody here knows the customer's zone. Their browser puts its own time there. */
function moment(at: string): Html {
  return html`<time datetime="${at}">${utc.format(Date.parse(at))} UTC</time>`;
}

/** `40 min`, `3 hours`, `2 days` */
function span(minutes: number): string {
  if (minutes <= 90) return `${minutes} min`;
  const hours = Math.ceil(minutes / 60);
  return hours <= 36 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`;
}
