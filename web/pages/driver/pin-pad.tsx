import { useEffect, useRef, useState } from 'react';
import { errorText } from '../../app/hub-answer.ts';
import { Button } from '../../ui/button.tsx';
import { driver } from '../../words/driver.ts';
import { proofWords } from '../../words/driver-proof.ts';
import { pageFormats } from '../../words/spoken.ts';
import type { DriverSession } from './driver-session.ts';
import { OrderLabel } from './order-label.tsx';
import styles from './proof-row.module.css';
import type { HeldRow } from './session-state.ts';
import { telLink } from './tel-link.ts';

interface PinPadProps {
  session: DriverSession;
  item: HeldRow;
  /** The PIN is right, or waits to be checked. */
  onDone: () => void;
  /** Opens the notes. */
  onNote: () => void;
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;
const length = 4;

/** Keys for a thumb; a keyboard's digits do as well. The fourth digit is the last tap. */
export function PinPad({ session, item, onDone, onNote }: PinPadProps) {
  const words = proofWords().pin;
  const [typed, setTyped] = useState('');
  const [found, setProblem] = useState<string>();
  // Until dispatch has looked at it, no PIN is right.
  const isUsedUp = item.known.view.urgent?.about === 'pin';
  const problem = isUsedUp ? words.usedUp : found;
  const pad = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key that had the focus goes with the last try
  useEffect(() => {
    // Once dispatch has looked at it, what was wrong before is wrong no more.
    setProblem(undefined);
    pad.current?.scrollIntoView({ block: 'nearest' });
    pad.current?.focus({ preventScroll: true });
  }, [isUsedUp]);

  const check = async (pin: string) => {
    const outcome = await session.proofs.checkPin(item.key, pin);
    setTyped('');
    if (outcome === 'right' || outcome === 'kept') {
      session.announcer.say('pin', () => words[outcome]);
      onDone();
    } else if (outcome === 'wrong') setProblem(words.wrong);
    else {
      const { refusal } = outcome;
      setProblem(refusal.code === 'not-allowed' ? driver().proof.pinsUsedUp : errorText(refusal));
    }
  };
  const type = (digit: string) => {
    if (isUsedUp || typed.length >= length) return;
    const more = typed + digit;
    setTyped(more);
    setProblem(undefined);
    if (more.length === length) void check(more);
  };
  const erase = () => setTyped(typed.slice(0, -1));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
    <div
      ref={pad}
      className={styles['panel']}
      data-pad="pin"
      role="group"
      aria-label={words.title}
      tabIndex={-1}
      onKeyDown={({ key }) => {
        if (/^\d$/.test(key)) type(key);
        if (key === 'Backspace') erase();
      }}
    >
      <p>{words.title}</p>
      {!isUsedUp && <Dots typed={typed.length} />}
      {problem !== undefined && (
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
      {isUsedUp ? <Help item={item} onNote={onNote} /> : <Keys onDigit={type} onErase={erase} />}
    </div>
  );
}

/** Who can say more: the shop, if it has said how it is reached, and dispatch. */
function Help({ item: { known, shop }, onNote }: Pick<PinPadProps, 'item' | 'onNote'>) {
  const words = proofWords().pin;
  const about = <OrderLabel id={known.view.payload.orderID} />;
  return (
    <div className={styles['pair']}>
      {shop?.phone !== undefined && (
        <a className={styles['call']} href={telLink(shop.phone)}>
          {words.callShop}
          {about}
        </a>
      )}
      <Button onClick={onNote}>
        {words.note}
        {about}
      </Button>
    </div>
  );
}

function Dots({ typed }: { typed: number }) {
  return (
    <p className={styles['dots']}>
      <span aria-hidden="true">{'●'.repeat(typed) + '○'.repeat(length - typed)}</span>
      <span className="visually-hidden">{proofWords().pin.typed(typed)}</span>
    </p>
  );
}

function Keys({ onDigit, onErase }: { onDigit: (digit: string) => void; onErase: () => void }) {
  return (
    <div className={styles['keys']}>
      {digits.map((digit) => (
        <Button key={digit} onClick={() => onDigit(digit)}>
          {pageFormats().digits(Number(digit))}
        </Button>
      ))}
      <Button look="quiet" onClick={onErase}>
        {proofWords().pin.erase}
      </Button>
    </div>
  );
}
