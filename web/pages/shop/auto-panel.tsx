import { useState } from 'react';
import type { AutoState } from '../../app/auto.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Switch } from '../../ui/switch.tsx';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { everyProblem, everySecondsMin } from './order-interval.ts';
import type { Shop } from './shop.ts';
import styles from './shop-page.module.css';

interface AutoPanelProps {
  shop: Shop;
  auto: AutoState;
  everySeconds: number;
}

/** The simulator: made-up customers who order by themselves. */
export function AutoPanel({ shop, auto, everySeconds }: AutoPanelProps) {
  const [text, setText] = useState(String(everySeconds));
  const problem = everyProblem(text.trim() === '' ? Number.NaN : Number(text));
  return (
    <Panel
      title={words().simulator}
      aside={
        auto.way === 'try' && (
          <Button look="quiet" size="small" onClick={() => shop.auto.switch.choose('real')}>
            {shared().way.real}
          </Button>
        )
      }
    >
      <div className={styles['auto']}>
        <div>
          {auto.on === undefined ? (
            // Keeps the space of the switch.
            <span className={styles['switchPlace']} aria-hidden="true">
              {words().auto}
            </span>
          ) : (
            <Switch label={words().auto} checked={auto.on} onChange={(on) => shop.auto.switch.set(on)} />
          )}
        </div>
        <Field
          label={words().every.label}
          type="number"
          inputMode="decimal"
          min={everySecondsMin}
          step="any"
          value={text}
          error={problem}
          onChange={(typed) => {
            setText(typed);
            const seconds = typed.trim() === '' ? Number.NaN : Number(typed);
            if (everyProblem(seconds) === undefined) shop.auto.setEvery(seconds);
          }}
        />
      </div>
    </Panel>
  );
}
