import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Profile } from '../../../protocol/rest.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { fetchProfile, ProfileRefused, saveProfile } from './profile.ts';
import styles from './shop-details.module.css';

const fields = [
  { name: 'name', label: 'Name', autoComplete: 'organization', maxLength: 200 },
  { name: 'phone', label: 'Phone', type: 'tel', autoComplete: 'tel', maxLength: 40 },
  { name: 'email', label: 'Email', type: 'email', autoComplete: 'email', maxLength: 254 },
  { name: 'address', label: 'Address', autoComplete: 'street-address', maxLength: 200 },
  { name: 'hours', label: 'Hours', autoComplete: 'off', placeholder: 'Mon–Sat 9–18', maxLength: 200 },
] as const;

interface ShopDetailsDialogProps {
  store: string;
  onClose: () => void;
}

/** What a shop's customers are told of it on their pages. */
export function ShopDetailsDialog({ store, onClose }: ShopDetailsDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState<Profile>();
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<ProfileRefused>();
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let isStale = false;
    fetchProfile(store).then(
      (profile) => !isStale && setTyped(profile),
      (error: ProfileRefused) => !isStale && setProblem(error),
    );
    return () => {
      isStale = true;
    };
  }, [store]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!typed || isSaving) return;
    setSaving(true);
    setProblem(undefined);
    try {
      await saveProfile(store, typed);
      dialog.current?.close();
    } catch (error) {
      setProblem(error instanceof ProfileRefused ? error : new ProfileRefused('The hub did not take it.'));
      setSaving(false);
    }
  }

  const isKnownField = fields.some(({ name }) => name === problem?.field);
  return (
    <Dialog dialog={dialog} width="narrow" onClose={onClose} title="Shop details">
      <form className={styles['form']} onSubmit={(event) => void submit(event)} noValidate>
        <p className={styles['hint']}>
          Your customers see this on their tracking pages. All of it may be left out.
        </p>
        {typed &&
          fields.map(({ name, ...field }) => (
            <Field
              {...field}
              key={name}
              value={typed[name] ?? ''}
              onChange={(text) => setTyped({ ...typed, [name]: text })}
              error={problem?.field === name ? problem.message : undefined}
            />
          ))}
        {problem && !isKnownField && (
          <p role="alert" className={styles['trouble']}>
            {problem.message}
          </p>
        )}
        <div className={styles['actions']}>
          <Button type="submit" look="main" disabled={!typed || isSaving}>
            {isSaving ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
