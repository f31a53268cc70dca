import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type NameSource, nameProblem } from '../app/names.ts';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import styles from './name-plate.module.css';

interface NamePlateProps {
  of: NameSource['what'];
  name: string;
  /** What people call it, where that is not its name here. */
  called?: string | undefined;
  /** The access key fixes the name. */
  isFixed?: boolean;
  onChange: (name: string) => void;
}

/** The store's or driver's name, which can be changed in place. */
export function NamePlate({ of, name, called, isFixed = false, onChange }: NamePlateProps) {
  const words = shared().name;
  const [isOpen, setOpen] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen) change.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);

  if (isOpen) {
    return (
      <NameForm
        label={words.label[of]}
        name={name}
        onDone={(chosen) => {
          setOpen(false);
          if (chosen !== undefined && chosen !== name) onChange(chosen);
        }}
      />
    );
  }
  return (
    <div className={styles['plate']} data-called={called !== undefined || undefined}>
      <p className={styles['label']}>
        {words.label[of]} {called && <bdi>{name}</bdi>}
      </p>
      <p className={styles['name']}>
        <bdi>{called ?? name}</bdi>
      </p>
      {!isFixed && (
        <Button ref={change} look="quiet" size="small" onClick={() => setOpen(true)}>
          {words.change}
          <span className="visually-hidden"> {words.changeWhat[of]}</span>
        </Button>
      )}
    </div>
  );
}

interface NameFormProps {
  label: string;
  name: string;
  /** @param name undefined: not changed */
  onDone: (name?: string) => void;
}

function NameForm({ label, name, onDone }: NameFormProps) {
  const [text, setText] = useState(name);
  const [error, setError] = useState<string>();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const chosen = text.trim();
    const problem = nameProblem(chosen);
    if (problem === undefined) onDone(chosen);
    else setError(problem);
  }

  return (
    <form
      className={styles['form']}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <Field
        label={label}
        value={text}
        onChange={setText}
        error={error}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles['actions']}>
        <Button type="submit" look="main">
          {shared().name.save}
        </Button>
        <Button look="quiet" onClick={() => onDone()}>
          {shared().name.leave}
        </Button>
      </div>
    </form>
  );
}
