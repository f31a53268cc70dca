import type { Profile } from '../../../protocol/profile.ts';
import { deviceZone } from '../../app/device-zone.ts';
import { Field } from '../../ui/field.tsx';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import styles from './shop-details.module.css';
import { GroupHead } from './shop-details-group.tsx';

const names = ['timeZone', 'leadMinutes'];

export function isTimeField(name: string): boolean {
  return names.includes(name);
}

interface ShopTimeFieldsProps {
  typed: Profile;
  onChange: (profile: Profile) => void;
  /** Why the hub has refused fields, by their names. */
  problems: ReadonlyMap<string, string>;
}

/** The shop's clock, and how long before its time an order is offered. */
export function ShopTimeFields({ typed, onChange, problems }: ShopTimeFieldsProps) {
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
        error={problems.get('timeZone')}
      />
      <Field
        label={details.field.leadMinutes}
        type="number"
        min={0}
        max={10_080}
        placeholder="60"
        value={typed.leadMinutes === undefined ? '' : String(typed.leadMinutes)}
        onChange={(text) => onChange({ ...typed, leadMinutes: text === '' ? undefined : Number(text) })}
        error={problems.get('leadMinutes')}
      />
    </section>
  );
}
