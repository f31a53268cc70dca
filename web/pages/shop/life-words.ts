/** Texts for the history of an order, in the shop's voice. */

import type { Author, CapsRecord } from '../../../protocol/messages.ts';
import { verdictIn } from '../../../protocol/proof-check.ts';
import { wordIn } from '../../app/life-words.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { authorName } from './orders.ts';

/** @returns a sentence; undefined for a note */
export function lifeSentence({ event, by, details, status }: CapsRecord): string | undefined {
  const said = words().life.event;
  const doer = inSentence(by, 'by');
  const who = inSentence(by, 'does');
  const whom = String(details?.['name'] ?? details?.['driver'] ?? doer);
  switch (event) {
    case 'pickup':
      return said.ordered;
    case 'claimed':
      return said.claimed(whom);
    case 'released':
      return by.role === 'driver' ? said.givenBack(doer) : said.backOnOffer;
    case 'in-transit':
      return said.pickedUp(doer);
    case 'delivered':
      return said.delivered(doer);
    case 'attempt-failed':
      return said.notDelivered(who);
    case 'retried':
      return said.retried(who);
    case 'returning':
      return said.returning(who);
    case 'returned':
      return said.returned;
    case 'cancelled':
      return by.role === 'vendor' ? said.cancelledByYou : said.cancelled(doer);
    case 'reassigned':
      return said.reassigned(whom);
    case 'corrected':
      return status === 'ready' ? said.takenBackToOffer : said.takenBack;
    case 'amended':
      return by.role === 'vendor' ? said.amendedByYou : said.amended(doer);
    case 'seen':
      return said.seen(who);
    case 'proof':
      return verdictIn(details) === 'wrong' ? said.pinWrong : said.proof;
    case 'note':
      return undefined;
  }
}

function inSentence(by: Author, place: 'by' | 'does'): string {
  return by.role === 'admin' && by.name === undefined ? words().dispatch[place] : authorName(by);
}

/** @returns the details of a record, a sentence each */
export function lifeDetails({ event, details = {} }: CapsRecord): readonly string[] {
  const { life, receivedBy } = words();
  const { reason, outcome, text, receivedBy: receiver } = details;
  const said: string[] = [];
  // The reason of any other event is free text.
  if (event !== 'attempt-failed') said.push(...(typeof reason === 'string' ? [reason] : []));
  else if (isTold(reason)) said.push(wordIn(life.reason, reason));
  if (isTold(outcome)) said.push(wordIn(life.outcome, outcome));
  if (typeof text === 'string' && event !== 'proof') said.push(text);
  if (typeof receiver === 'string') said.push(receivedBy(receiver));
  return said;
}

function isTold(name: unknown): name is string {
  return typeof name === 'string' && name !== 'other';
}
