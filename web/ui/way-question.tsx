import type { AutoState, AutoSwitch } from '../app/auto.ts';
import { wasKeyed } from '../app/hub-info.ts';
import { type PageUser, wayOf } from '../app/way.ts';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import { StartsSoon } from './starts-soon.tsx';
import styles from './way-question.module.css';

interface WayQuestionProps {
  question: string;
  /** What starts by itself: `Auto deliver`. */
  what: string;
  auto: AutoState;
  /** Undefined until the page has one. */
  simulator: AutoSwitch | undefined;
}

/** Asks how the page is used, until somebody says it. It is in nobody's way: the simulator starts without an answer. */
export function WayQuestion({ question, what, auto, simulator }: WayQuestionProps) {
  const words = shared().way;
  if (auto.way !== undefined) return null;
  return (
    <section className={styles['strip']} aria-label={words.label}>
      <p>{question}</p>
      <div className={styles['ways']}>
        <Button onClick={() => simulator?.choose('try')}>{words.try}</Button>
        <Button onClick={() => simulator?.choose('real')}>{words.real}</Button>
      </div>
      <div className={styles['soon']}>
        <StartsSoon at={auto.startsAt} what={what} onNotNow={() => simulator?.set(false)} />
      </div>
    </section>
  );
}

/** What a page draws of its simulator before it has one. */
export function firstAuto(of: PageUser): AutoState {
  return { way: wayOf(of, wasKeyed()), on: undefined };
}
