import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Profile } from '../../../protocol/profile.ts';
import type { AutoSwitch } from '../../app/auto.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { shared } from '../../words/shared.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { fetchProfile } from './profile.ts';
import { ProofSettings } from './proof-settings.tsx';
import { ProfileError, saveProfile } from './saved-profile.ts';
import styles from './shop-details.module.css';
import { GroupHead } from './shop-details-group.tsx';
import { isTimeField, ShopTimeFields } from './shop-time-fields.tsx';

const fields = [
  { name: 'name', autoComplete: 'organization', maxLength: 200 },
  { name: 'phone', type: 'tel', autoComplete: 'tel', maxLength: 40 },
  { name: 'email', type: 'email', autoComplete: 'email', maxLength: 254 },
  { name: 'address', autoComplete: 'street-address', maxLength: 200 },
  { name: 'hours', autoComplete: 'off', maxLength: 200 },
  { name: 'told', autoComplete: 'off', maxLength: 500 },
] as const;

/** Nothing is wrong. */
const none: ReadonlyMap<string, string> = new Map();

function isKnownField(field: string): boolean {
  return fields.some(({ name }) => name === field) || isTimeField(field);
}

/** The first of the problems that have no field here. */
function restOf(problems: ReadonlyMap<string, string>): string | undefined {
  return [...problems].find(([field]) => !isKnownField(field))?.[1];
}

interface ShopDetailsDialogProps {
  store: string;
  simulator: AutoSwitch | undefined;
  onSaved: (profile: Profile) => void;
  onClose: () => void;
}

/** The shop's details: what its customers see, how its times are meant, and what its drivers are asked for. */
export function ShopDetailsDialog({ store, simulator, onSaved, onClose }: ShopDetailsDialogProps) {
  const { details } = words();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState<Profile>();
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Error>();
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let isStale = false;
    fetchProfile(store).then(
      (profile) => !isStale && setTyped(profile),
      (error: Error) => !isStale && setProblem(error),
    );
    return () => {
      isStale = true;
    };
  }, [store]);

  useWrongField(dialog, problem);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!typed || isSaving) return;
    setSaving(true);
    setProblem(undefined);
    try {
      onSaved(await saveProfile(store, typed));
      dialog.current?.close();
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
      setSaving(false);
    }
  }

  const wrong = problem instanceof ProfileError ? problem.problems : none;
  /** What no field shows. */
  const rest = problem && (wrong.size === 0 ? problem.message : restOf(wrong));
  return (
    <Dialog dialog={dialog} width="narrow" onClose={onClose} title={details.title}>
      <form className={styles['form']} onSubmit={(event) => void submit(event)} noValidate>
        <p className={styles['hint']}>{details.optional}</p>
        {typed && <TextFields typed={typed} onChange={setTyped} problems={wrong} />}
        {typed && <ShopTimeFields typed={typed} onChange={setTyped} problems={wrong} />}
        {typed && (
          <ProofSettings proofs={typed.proofs} onChange={(proofs) => setTyped({ ...typed, proofs })} />
        )}
        {rest !== undefined && (
          <p role="alert" className={styles['trouble']}>
            {rest}
          </p>
        )}
        <div className={styles['actions']}>
          <Button type="submit" look="main" disabled={!typed || isSaving}>
            {isSaving ? details.saving : details.save}
          </Button>
        </div>
      </form>
      {simulator && <SamplesAgain simulator={simulator} onAgain={() => dialog.current?.close()} />}
    </Dialog>
  );
}

interface TextFieldsProps {
  typed: Profile;
  onChange: (typed: Profile) => void;
  problems: ReadonlyMap<string, string>;
}

function TextFields({ typed, onChange, problems }: TextFieldsProps) {
  const { details } = words();
  return (
    <section className={styles['form']} aria-label={details.seen.title}>
      <GroupHead {...details.seen} />
      {fields.map(({ name, ...field }) => (
        <Field
          {...field}
          key={name}
          label={details.field[name]}
          placeholder={name === 'hours' || name === 'told' ? details[name] : undefined}
          value={typed[name] ?? ''}
          onChange={(text) => onChange({ ...typed, [name]: text })}
          error={problems.get(name)}
        />
      ))}
    </section>
  );
}

/** Brings the simulator back to a shop that works for real. */
function SamplesAgain({ simulator, onAgain }: { simulator: AutoSwitch; onAgain: () => void }) {
  if (simulator.state.way !== 'real') return null;
  const bring = () => {
    simulator.choose('try');
    onAgain();
  };
  return (
    <div className={styles['samples']}>
      <Button size="small" onClick={bring}>
        {shared().way.again}
      </Button>
      <p className={styles['hint']}>{words().details.samples}</p>
    </div>
  );
}

/** Leads to what is wrong: it may be out of sight, far above the button that was pressed. */
function useWrongField(dialog: RefObject<HTMLDialogElement | null>, problem: Error | undefined): void {
  useEffect(() => {
    if (problem) dialog.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [dialog, problem]);
}
