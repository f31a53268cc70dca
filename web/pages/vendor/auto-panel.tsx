import { useState } from 'react';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Switch } from '../../ui/switch.tsx';
import { everyProblem, everySecondsMin } from './pace.ts';
import type { Shop } from './shop.ts';
import styles from './vendor-page.module.css';

interface AutoPanelProps {
  shop: Shop;
  /** Undefined: not known yet, and so neither shown as on nor as off. */
  auto: boolean | undefined;
  everySeconds: number;
}

/** The simulator: made-up customers who order by themselves. */
export function AutoPanel({ shop, auto, everySeconds }: AutoPanelProps) {
  const [text, setText] = useState(String(everySeconds));
  const problem = everyProblem(text.trim() === '' ? Number.NaN : Number(text));
  return (
    <Panel title="Simulator">
      <div className={styles['auto']}>
        {auto === undefined ? (
          <span />
        ) : (
          <Switch label="Auto orders" checked={auto} onChange={(on) => shop.setAuto(on)} />
        )}
        <Field
          label="Every (seconds)"
          type="number"
          inputMode="decimal"
          min={everySecondsMin}
          step="any"
          value={text}
          error={problem}
          onChange={(typed) => {
            setText(typed);
            const seconds = typed.trim() === '' ? Number.NaN : Number(typed);
            if (everyProblem(seconds) === undefined) shop.setEvery(seconds);
          }}
        />
      </div>
    </Panel>
  );
}
