import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import styles from './next-steps.module.css';
import { OrderLabel } from './order-label.tsx';
import type { HeldRow } from './session-state.ts';

interface ChipsProps {
  item: HeldRow;
  text: string;
  onBack: () => void;
  children: ReactNode;
}

/** A question with chips as answers, and Back. */
export function Chips({ item, text, onBack, children }: ChipsProps) {
  const id = useId();
  const chips = useRef<HTMLDivElement>(null);
  // The chips may need more space than the button that they replace.
  useEffect(() => {
    chips.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
    <div ref={chips} className={styles['question']} role="group" aria-labelledby={id}>
      <p id={id}>
        {text}
        <OrderLabel id={item.known.view.payload.orderID} />
      </p>
      {children}
      <Button look="quiet" onClick={firstTap(onBack)}>
        {driver().back}
      </Button>
    </div>
  );
}
