import { useEffect, useState } from 'react';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import styles from './starts-soon.module.css';

interface StartsSoonProps {
  /** When it starts, in milliseconds since 1970 by this device's clock. If undefined, the line is empty but keeps its space. */
  at: number | undefined;
  /** What starts: `Auto deliver`. */
  what: string;
  onNotNow: () => void;
}

const tickMs = 200;

/** A countdown with a button that cancels it. */
export function StartsSoon({ at, what, onNotNow }: StartsSoonProps) {
  return (
    <div className={styles['line']}>
      {at !== undefined && (
        <>
          <Countdown at={at} />
          <span aria-hidden="true">·</span>
          <Button look="quiet" size="small" onClick={onNotNow}>
            {shared().auto.notNow}
            <span className="visually-hidden">{shared().auto.leaveOff(what)}</span>
          </Button>
        </>
      )}
    </div>
  );
}

function Countdown({ at }: { at: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return <span role="timer">{shared().auto.startsIn(Math.max(1, Math.ceil((at - now) / 1_000)))}</span>;
}
