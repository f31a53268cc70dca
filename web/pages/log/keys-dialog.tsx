import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { lineProblem } from '../../../protocol/characters.ts';
import type { IssuedKey, ListedKey } from '../../../protocol/rest.ts';
import { type KeyedRole, keyOf } from '../../app/access-key.ts';
import { fetchHubInfo } from '../../app/hub-info.ts';
import { nameProblem } from '../../app/names.ts';
import { Button } from '../../ui/button.tsx';
import { CopyLink } from '../../ui/copy-link.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Field } from '../../ui/field.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { accessLink, issueKey, listKeys, revokeKey } from './access-keys.ts';
import styles from './keys-dialog.module.css';
import { fullText } from './words.ts';

const roleWords: Readonly<Record<KeyedRole, string>> = {
  vendor: 'Store',
  driver: 'Driver',
  admin: 'Dispatch',
};

/** Who may come in: issues keys, shows each once, and revokes them. */
export function Content({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [keys, setKeys] = useState<readonly ListedKey[]>();
  const [issued, setIssued] = useState<IssuedKey>();
  const [problem, setProblem] = useState<string>();
  const attempt = async (work: () => Promise<void>) => {
    setProblem(undefined);
    try {
      await work();
      setKeys(await listKeys());
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is drawn for the first time
  useEffect(() => {
    void attempt(async () => {});
  }, []);

  return (
    <Dialog dialog={dialog} title="Access keys" width="wide" onClose={onClose}>
      {problem !== undefined && (
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
      {issued ? (
        <Issued issued={issued} onDone={() => setIssued(undefined)} />
      ) : (
        <NewKey onIssue={(wanted) => attempt(async () => setIssued(await issueKey(wanted)))} />
      )}
      <h3 className={styles['heading']}>Issued</h3>
      {keys?.length === 0 && (
        <Empty title="No keys yet.">
          <p>Issue one for each store and each driver.</p>
        </Empty>
      )}
      <ul className={styles['list']} aria-label="Issued keys">
        {keys?.map((key) => (
          <Row key={key.id} listed={key} onRevoke={() => attempt(() => revokeKey(key.id))} />
        ))}
      </ul>
    </Dialog>
  );
}

function NewKey({
  onIssue,
}: {
  onIssue: (wanted: { role: KeyedRole; owner: string; name: string }) => void;
}) {
  const [role, setRole] = useState<KeyedRole>('vendor');
  const [owner, setOwner] = useState('');
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [nameError, setNameError] = useState<string>();
  const select = useId();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const id = owner.trim();
    const whose = name.trim();
    const wrong = role === 'admin' ? undefined : nameProblem(id);
    const unclear = lineProblem(whose);
    setError(wrong);
    setNameError(unclear && `Use letters, digits and signs only: this name ${unclear}.`);
    if (wrong === undefined && unclear === undefined)
      onIssue({ role, owner: id, name: whose || id || roleWords.admin });
  }

  return (
    <form className={styles['form']} onSubmit={submit} aria-label="New key">
      <div className={styles['field']}>
        <label htmlFor={select}>For</label>
        <select
          id={select}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as KeyedRole)}
        >
          {(['vendor', 'driver', 'admin'] as const).map((one) => (
            <option key={one} value={one}>
              {roleWords[one]}
            </option>
          ))}
        </select>
      </div>
      {role !== 'admin' && (
        <Field
          label={role === 'vendor' ? 'Store name' : 'Driver name'}
          value={owner}
          onChange={setOwner}
          error={error}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      <Field
        label="Whose it is (optional)"
        value={name}
        onChange={setName}
        error={nameError}
        autoComplete="off"
      />
      <Button type="submit" look="main">
        Issue key
      </Button>
    </form>
  );
}

/** The only moment in which the key can be read. */
function Issued({ issued, onDone }: { issued: IssuedKey; onDone: () => void }) {
  const [origin, setOrigin] = useState(location.origin);
  useEffect(() => {
    fetchHubInfo(keyOf('admin')).then(
      ({ addresses = [] }) => setOrigin(addresses[0] ?? location.origin),
      // The page's own address does as well on this machine.
      () => {},
    );
  }, []);
  const link = accessLink(origin, issued);
  return (
    <div className={styles['issued']}>
      <p>
        <strong>Key for {issued.store ?? issued.driver ?? roleWords.admin}.</strong> It is shown now and never
        again: hand over the link, or the code.
      </p>
      <QrCode text={link} label="QR code that signs a device in" />
      <p className={styles['link']}>{link}</p>
      <div className={styles['actions']}>
        <CopyLink url={link} />
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}

function Row({ listed, onRevoke }: { listed: ListedKey; onRevoke: () => void }) {
  const { role, store, driver, name, hint, createdAt, revokedAt } = listed;
  const owner = store ?? driver;
  return (
    <li className={styles['row']} data-revoked={revokedAt !== undefined || undefined}>
      <span className={styles['who']}>
        <strong>
          <bdi>{owner ?? name}</bdi>
        </strong>{' '}
        {roleWords[role]}
        {owner !== undefined && name !== owner && (
          <>
            {' '}
            · <bdi>{name}</bdi>
          </>
        )}
      </span>
      <span className={styles['facts']}>
        <code>{hint}</code> · since <time dateTime={createdAt}>{fullText(createdAt)}</time>
      </span>
      {revokedAt === undefined ? (
        <Button look="danger" size="small" onClick={onRevoke}>
          Revoke
          <span className="visually-hidden">
            {' '}
            the key of {owner ?? name}, {hint}
          </span>
        </Button>
      ) : (
        <span className={styles['revoked']}>Revoked</span>
      )}
    </li>
  );
}
