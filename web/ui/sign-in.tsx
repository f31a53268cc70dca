import { type FormEvent, useRef, useState } from 'react';
import { holders, type KeyedRole, openedRoles, signIn } from '../app/access-key.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Panel } from './panel.tsx';
import styles from './sign-in.module.css';

const pages: Readonly<Record<KeyedRole, { path: string; name: string }>> = {
  vendor: { path: '/vendor', name: 'Vendor' },
  driver: { path: '/driver', name: 'Driver' },
  admin: { path: '/log', name: 'Log' },
};

interface SignInProps {
  role: KeyedRole;
  /** What was wrong with the key that this page had, or that a link brought. */
  problem?: string | undefined;
}

/** In the place of a page whose hub asks for a key: says what to do, and takes one. */
export function SignIn({ role, problem }: SignInProps) {
  const [key, setKey] = useState('');
  const [error, setError] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const others = (openedRoles() ?? []).filter((one) => one !== role);

  /** Under the field, and from there read out. */
  function refuse(why: string): void {
    setError(why);
    field.current?.focus();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const chosen = key.trim();
    if (chosen === '') {
      refuse('Enter the key.');
      return;
    }
    setAsking(true);
    try {
      await signIn(role, chosen);
      location.reload();
    } catch (refusal) {
      setAsking(false);
      refuse(refusal instanceof Error ? refusal.message : String(refusal));
    }
  }

  return (
    <div className={styles['page']}>
      <Panel title="Sign in">
        {problem !== undefined && error === undefined && (
          <p className={styles['problem']} role="alert">
            {problem}
          </p>
        )}
        {others.length > 0 ? (
          <OtherDoors role={role} others={others} />
        ) : (
          <p className={styles['text']}>
            This hub asks for an access key. Open the link that you were given, or paste it here, or the key
            alone.
          </p>
        )}
        <form className={styles['form']} onSubmit={(event) => void submit(event)}>
          <Field
            ref={field}
            label="Access key"
            value={key}
            onChange={setKey}
            error={error}
            type="password"
            autoComplete="off"
            spellCheck={false}
          />
          <Button type="submit" look="main" disabled={isAsking}>
            Sign in
          </Button>
        </form>
        {others.length === 0 && <KeySource role={role} />}
      </Panel>
    </div>
  );
}

interface OtherDoorsProps {
  role: KeyedRole;
  /** Whose pages this browser's keys do open. */
  others: readonly KeyedRole[];
}

/** Of one who has a key, but not for this page. */
function OtherDoors({ role, others }: OtherDoorsProps) {
  const whose = others.map((one) => `${holders[one]}’s`).join(' and ');
  return (
    <>
      <p className={styles['text']}>
        {others.length === 1 ? 'Your key is' : 'Your keys are'} {whose}; this page is for {holders[role]}.
      </p>
      <p className={styles['doors']}>
        {others.map((one) => (
          <a key={one} href={pages[one].path}>
            Open {pages[one].name}
          </a>
        ))}
      </p>
      <p className={styles['text']}>A key for this page, or a link with one, opens it too.</p>
    </>
  );
}

/** Where the first key comes from. */
function KeySource({ role }: Pick<SignInProps, 'role'>) {
  return (
    <p className={styles['source']}>
      {role === 'admin' ? (
        <>
          No key yet? The first one is the hub’s setting <code>CAPS_ADMIN_KEY</code>, which whoever runs the
          hub has set. It opens this page, and all other keys are issued here.
        </>
      ) : (
        <>
          No key yet? Ask dispatch for your link: they issue keys on the page Log. Whoever runs the hub has
          set the very first one, <code>CAPS_ADMIN_KEY</code>; it is for dispatch.
        </>
      )}
    </p>
  );
}
