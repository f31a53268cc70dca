import { type FormEvent, useState } from 'react';
import { type KeyedRole, signIn } from '../access-key.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Panel } from './panel.tsx';
import styles from './sign-in.module.css';

interface SignInProps {
  role: KeyedRole;
  /** What was wrong with the key that this page had, or that a link brought. */
  problem?: string | undefined;
}

/** In the place of a page whose hub asks for a key: says what to do, and takes one. */
export function SignIn({ role, problem }: SignInProps) {
  const [key, setKey] = useState('');
  const [error, setError] = useState(problem);
  const [isAsking, setAsking] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const chosen = key.trim();
    if (chosen === '') {
      setError('Enter the key.');
      return;
    }
    setAsking(true);
    try {
      await signIn(role, chosen);
      location.reload();
    } catch (refusal) {
      setError(refusal instanceof Error ? refusal.message : String(refusal));
      setAsking(false);
    }
  }

  return (
    <div className={styles['page']}>
      <Panel title="Sign in">
        <p className={styles['text']}>
          This hub asks for an access key. Open the link that you were given, or paste the key here. Keys are
          issued by dispatch, on the page Log.
        </p>
        <form className={styles['form']} onSubmit={(event) => void submit(event)}>
          <Field
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
      </Panel>
    </div>
  );
}
