import { type FormEvent, useRef, useState } from 'react';
import { type KeyedRole, openedRoles } from '../app/access-key.ts';
import { workPages } from '../app/pages.ts';
import { signIn } from '../app/sign-in.ts';
import { shared } from '../words/shared.ts';
import { signInWords } from '../words/sign-in.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Panel } from './panel.tsx';
import { PhraseText } from './phrase-text.tsx';
import styles from './sign-in.module.css';

interface SignInProps {
  role: KeyedRole;
  /** What is wrong with the stored key or the link's key. */
  problem?: string | undefined;
}

/** Replaces a page whose hub asks for a key. */
export function SignIn({ role, problem }: SignInProps) {
  const words = signInWords();
  const [key, setKey] = useState('');
  const [error, setError] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const others = (openedRoles() ?? []).filter((one) => one !== role);

  /** Shows an error under the field, where screen readers announce it. */
  function refuse(why: string): void {
    setError(why);
    field.current?.focus();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const chosen = key.trim();
    if (chosen === '') {
      refuse(words.enter);
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
      <Panel title={words.signIn}>
        {problem !== undefined && error === undefined && (
          <p className={styles['problem']} role="alert">
            {problem}
          </p>
        )}
        {others.length > 0 ? (
          <OtherPages role={role} others={others} />
        ) : (
          <p className={styles['text']}>{words.ask}</p>
        )}
        <form className={styles['form']} onSubmit={(event) => void submit(event)}>
          <Field
            ref={field}
            label={words.label}
            value={key}
            onChange={setKey}
            error={error}
            type="password"
            autoComplete="off"
            spellCheck={false}
          />
          <Button type="submit" look="main" disabled={isAsking}>
            {words.signIn}
          </Button>
        </form>
        {others.length === 0 && <KeySource role={role} />}
      </Panel>
    </div>
  );
}

interface OtherPagesProps {
  role: KeyedRole;
  /** Roles for which this browser has a key. */
  others: readonly KeyedRole[];
}

/** Links to the pages for which this browser has a key. */
function OtherPages({ role, others }: OtherPagesProps) {
  const words = signInWords();
  return (
    <>
      <p className={styles['text']}>{words.others(others, role)}</p>
      <p className={styles['doors']}>
        {workPages
          .filter((one) => others.includes(one.role))
          .map(({ page, path }) => (
            <a key={page} href={path}>
              {words.open(shared().pages[page])}
            </a>
          ))}
      </p>
      <p className={styles['text']}>{words.another}</p>
    </>
  );
}

/** Says where the first key comes from. */
function KeySource({ role }: Pick<SignInProps, 'role'>) {
  const words = signInWords();
  const setting = <code>CAPS_ADMIN_KEY</code>;
  return (
    <p className={styles['source']}>
      <PhraseText phrase={role === 'admin' ? words.sourceOfAdmin(setting) : words.source(setting)} />
    </p>
  );
}
