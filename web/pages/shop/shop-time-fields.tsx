import type { Profile } from '../../../protocol/profile.ts';
import { deviceZone } from '../../app/device-zone.ts';
import { Field } from '../../ui/field.tsx';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import styles from './shop-details.module.css';
import { GroupHead } from './shop-details-group.tsx';

const names = ['timeZone', 'leadMinutes'];

export function isTimeField(name: string | undefined): boolean {
  return name !== undefined && names.includes(name);
}

interface ShopTimeFieldsProps {
  typed: Profile;
  onChange: (profile: Profile) => void;
  /** The field that the hub has refused, and why. */
  wrong: string | undefined;
  problem: string | undefined;
}

/** The shop's clock, and how long before its time an order is offered. */
export function ShopTimeFields({ typed, onChange, wrong, problem }: ShopTimeFieldsProps) {
  const { details } = words();
  return (
    <section className={styles['group']} aria-label={details.times.title}>
      <GroupHead {...details.times} />
      <Field
        label={details.field.timeZone}
        autoComplete="off"
        placeholder={deviceZone()}
        value={typed.timeZone ?? ''}
        onChange={(timeZone) => onChange({ ...typed, timeZone })}
        error={wrong === 'timeZone' ? problem : undefined}
      />
      <Field
        label={details.field.leadMinutes}
        type="number"
        min={0}
        max={10_080}
        placeholder="60"
        value={typed.leadMinutes === undefined ? '' : String(typed.leadMinutes)}
        onChange={(text) => onChange({ ...typed, leadMinutes: text === '' ? undefined : Number(text) })}
        error={wrong === 'leadMinutes' ? problem : undefined}
      />
    </section>
  );
}
