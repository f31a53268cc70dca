/** Texts for records. */

import type { CapsRecord } from '../../protocol/messages.ts';
import { eventWord, wordIn } from '../app/life-words.ts';
import { dateFormat } from '../app/numbers.ts';
import type { Words } from '../words/en/log.ts';
import { shared } from '../words/shared.ts';

/**
 * The details of the event in a few words; empty if it has none.
 * @param shown formats user input: `oneLine` or `lines`
 * @param life the records of its parcel, if they are at hand
 */
export function detailText(
  { event, details }: CapsRecord,
  words: Words,
  shown: (text: string) => string,
  life: readonly CapsRecord[] = [],
): string {
  if (!details) return '';
  const { detail } = words;
  if (event === 'proof') {
    const { kind, text } = details;
    const known: Readonly<Record<string, string>> = detail.proof;
    // A scan says its code; what a later hub has for a proof, it says itself.
    return known[String(kind === 'pin' ? text : kind)] ?? detail.text(shown(String(text ?? kind)));
  }
  const facts = Object.entries(details).flatMap(([key, value]) => {
    if (key === 'rev') {
      // What an `amended` or a `seen` had before it is for programs.
      if (event !== 'corrected') return [];
      const step = life.find(({ rev }) => rev === value);
      return step ? detail.takesBack(eventWord(words.life.event, step.event)) : detail.takesBackStep;
    }
    if (key === 'urgent' && value === true) return detail.urgent;
    if (value === null) return detail.removed(key);
    if (typeof value !== 'string') return detail.text(shown(`${key} ${JSON.stringify(value)}`));
    if (key === 'driver') return detail.to(shown(value));
    if (key === 'receivedBy') return detail.receivedBy(shown(value));
    if (key === 'outcome') return wordIn(words.life.outcome, value);
    // The reason of any other event is free text.
    const isKind = key === 'reason' && event === 'attempt-failed';
    return isKind ? wordIn(words.life.reason, value) : detail.text(shown(value));
  });
  return words.listed(facts);
}

/** @returns who acted; undefined for the store itself */
export function doerText({ by }: CapsRecord): string | undefined {
  switch (by.role) {
    case 'vendor':
      return undefined;
    case 'driver':
    case 'customer':
      return by.name ?? by.id;
    case 'admin':
      return by.name ?? shared().dispatch;
    case 'hub':
      return shared().hubName;
  }
}

const clock = dateFormat({
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const dayAndClock = dateFormat({
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
export const secondFormat = dateFormat({ timeStyle: 'medium', hourCycle: 'h23' });
export const fullFormat = dateFormat({ dateStyle: 'medium', timeStyle: 'medium' });
const dayMs = 24 * 60 * 60 * 1_000;

/** `18:03:11.246` in this device's time zone. */
export function clockText(moment: string): string {
  return clock().format(Date.parse(moment));
}

/** As `clockText`; if not today, the day instead of milliseconds: `11/20, 18:03`. */
export function momentText(moment: string, now = new Date()): string {
  return (isOfDay(moment, now) ? clock : dayAndClock)().format(Date.parse(moment));
}

export function isOfDay(moment: string, day: Date): boolean {
  const midnight = new Date(day).setHours(0, 0, 0, 0);
  const time = Date.parse(moment);
  return time >= midnight && time < midnight + dayMs;
}

const minuteFormat = dateFormat({ dateStyle: 'medium', timeStyle: 'short' });

/** Day and time to the minute, as a person arranges it. */
export function arrangedText(moment: string): string {
  return minuteFormat().format(Date.parse(moment));
}

/** Day and time to the second, in full. */
export function fullText(moment: string): string {
  return fullFormat().format(Date.parse(moment));
}

/** `18:03:11` */
export function secondText(moment: string): string {
  return secondFormat().format(Date.parse(moment));
}
