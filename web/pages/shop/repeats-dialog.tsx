import { useCallback, useEffect, useRef, useState } from 'react';
import type { NewRepeat, Repeat } from '../../../protocol/repeats.ts';
import { localDayAt } from '../../../protocol/zoned-time.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { dateFormat } from '../../app/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { shopRepeats as words } from '../../words/shop-repeats.ts';
import { pageFormats } from '../../words/spoken.ts';
import { endRepeat, fetchRepeats, saveRepeat } from './fetch-repeats.ts';
import { RepeatForm } from './repeat-form.tsx';
import { choiceOf, dayNamed, ruleOf, weekdayOf, windowFor } from './repeat-rule.ts';
import styles from './repeats.module.css';

const dayName = dateFormat({ dateStyle: 'full', timeZone: 'UTC' });
const weekdayName = dateFormat({ weekday: 'long', timeZone: 'UTC' });
const clockTime = dateFormat({ timeStyle: 'short', timeZone: 'UTC' });

export interface RepeatsDialogProps {
  store: string;
  zone: string;
  /** An order to repeat, as it stands in the form of new orders; undefined to see what repeats. */
  order: NewRepeat['order'] | undefined;
  /** The day and the times of day that the order has; empty texts where it has none. */
  times?: RepeatTimes;
  /** The order of the form repeats now: it need not be sent as well. */
  onSaved?: () => void;
  onClose: () => void;
}

interface RepeatTimes {
  readonly day: string;
  readonly start: string;
  readonly end: string;
}

/** What is made or changed in the form. */
interface RepeatDraft {
  readonly id: string | undefined;
  readonly start: NewRepeat;
  /** It came from the form of new orders. */
  readonly isTyped?: boolean;
}

/** The orders that repeat: a list, and a form to add or change one. */
export function RepeatsDialog({ store, zone, order, times, onSaved, onClose }: RepeatsDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [ended, setEnded] = useState<Repeat>();
  const { list, problem, attempt } = useRepeats(store);
  const [draft, setDraft] = useState<RepeatDraft | undefined>(
    order && { id: undefined, start: newRepeat(zone, order, times), isTyped: true },
  );
  useEffect(() => dialog.current?.showModal(), []);
  const texts = words();
  return (
    <Dialog dialog={dialog} title={texts.title} onClose={onClose}>
      <div className={styles['body']}>
        {draft ? (
          <RepeatForm
            key={draft.id}
            start={draft.start}
            isNew={draft.id === undefined}
            onSave={async (repeat) => {
              await saveRepeat(store, draft.id, repeat);
              if (draft.isTyped) onSaved?.();
              setDraft(undefined);
              await attempt(async () => {});
            }}
            onCancel={() => setDraft(undefined)}
          />
        ) : (
          <>
            <p className={styles['quiet']}>{texts.hint}</p>
            {problem !== undefined && (
              <p role="alert" className={styles['problem']}>
                {problem}
              </p>
            )}
            {ended && (
              <EndedNote
                repeat={ended}
                onUndo={() => {
                  setEnded(undefined);
                  void attempt(() => saveRepeat(store, undefined, wantedOf(ended)));
                }}
              />
            )}
            <RepeatList
              list={list}
              onChange={(repeat) => setDraft({ id: repeat.id, start: wantedOf(repeat) })}
              onEnd={(repeat) =>
                void attempt(async () => {
                  await endRepeat(store, repeat.id);
                  setEnded(repeat);
                })
              }
            />
            <div className={styles['actions']}>
              <Button onClick={() => setDraft({ id: undefined, start: newRepeat(zone) })}>{texts.add}</Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** The orders that repeat, read again after each attempt to change them. */
function useRepeats(store: string) {
  const [list, setList] = useState<readonly Repeat[]>();
  const [problem, setProblem] = useState<string>();
  const attempt = useCallback(
    async (task: () => Promise<void>) => {
      try {
        await task();
        setList(await fetchRepeats(store));
        setProblem(undefined);
      } catch (error) {
        setProblem(error instanceof Error ? error.message : String(error));
      }
    },
    [store],
  );
  useEffect(() => void attempt(async () => {}), [attempt]);
  return { list, problem, attempt };
}

function EndedNote({ repeat, onUndo }: { repeat: Repeat; onUndo: () => void }) {
  return (
    <p role="status" className={styles['actions']}>
      {words().ended(shownAs(repeat))}
      {!repeat.broken && (
        <Button size="small" onClick={onUndo}>
          {words().undo}
        </Button>
      )}
    </p>
  );
}

interface RepeatListProps {
  list: readonly Repeat[] | undefined;
  onChange: (repeat: Repeat) => void;
  onEnd: (repeat: Repeat) => void;
}

function RepeatList({ list, onChange, onEnd }: RepeatListProps) {
  const texts = words();
  if (!list) return <p className={styles['quiet']}>{texts.asking}</p>;
  if (list.length === 0) return <p>{texts.none}</p>;
  return (
    <ul className={styles['list']} aria-label={texts.list}>
      {list.map((repeat) => (
        <li key={repeat.id}>
          <div className={styles['what']}>
            <strong>
              <bdi>{shownAs(repeat)}</bdi>
            </strong>
            <bdi className={styles['quiet']}>{repeat.order.address}</bdi>
            {repeat.broken ? (
              <span className={styles['problem']}>{texts.broken}</span>
            ) : (
              <>
                <span>{ruleText(repeat)}</span>
                <span className={styles['quiet']}>
                  {repeat.next === undefined ? texts.noNext : texts.next(dayText(repeat.next))}
                </span>
              </>
            )}
            {repeat.told?.map(({ day, what }) => (
              <span key={day} className={styles['problem']}>
                {texts.told[what](dayText(day))}
              </span>
            ))}
          </div>
          <div className={styles['actions']}>
            {!repeat.broken && (
              <Button
                size="small"
                aria-label={texts.changeOf(repeat.order.customer)}
                onClick={() => onChange(repeat)}
              >
                {texts.change}
              </Button>
            )}
            <Button size="small" aria-label={texts.endOf(shownAs(repeat))} onClick={() => onEnd(repeat)}>
              {texts.end}
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Nothing may be left of a broken one but its id. */
function shownAs({ id, order }: Repeat): string {
  return order.customer || id;
}

function dayText(day: string): string {
  return dayName().format(Date.parse(`${day}T00:00Z`));
}

function timeText(time: string): string {
  return clockTime().format(Date.parse(`2026-01-01T${time}Z`));
}

/** Every week on Tuesday, 9:00 to 12:00 */
function ruleText({ rule, from, start, end }: Repeat): string {
  const { rhythm, time } = words();
  const choice = choiceOf(rule, from);
  const { list, digits } = pageFormats();
  const days = list((choice?.days ?? []).map((day) => weekdayName().format(dayNamed(day))));
  const rule1 = choice ? rhythm[choice.rhythm](days, digits(Number(from.slice(8)))) : rule;
  const [opens, ends] = [start, end].map((one) => (one === undefined ? undefined : timeText(one)));
  const when =
    opens !== undefined && ends !== undefined
      ? time.both(opens, ends)
      : opens === undefined
        ? time.end(ends ?? '')
        : time.start(opens);
  return `${rule1} · ${when}`;
}

function newRepeat(
  zone: string,
  order: NewRepeat['order'] = { customer: '', address: '' },
  times: RepeatTimes = { day: '', start: '', end: '' },
): NewRepeat {
  const today = localDayAt(hubClock.now(), zone);
  const from = times.day > today ? times.day : today;
  const rule = ruleOf({ rhythm: 'weekly', days: [weekdayOf(from)] }, from);
  return { rule, from, ...windowFor(times), timeZone: zone, order };
}

function wantedOf({ id: _, next: __, told: ___, ...wanted }: Repeat): NewRepeat {
  return wanted;
}
