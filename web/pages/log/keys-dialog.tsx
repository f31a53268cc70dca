import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { lineProblem } from '../../../protocol/characters.ts';
import type { IssuedKey, ListedKey } from '../../../protocol/rest.ts';
import { type KeyedRole, keyOf } from '../../app/access-key.ts';
import { addressesFrom } from '../../app/hub-addresses.ts';
import { fetchHubInfo } from '../../app/hub-info.ts';
import { nameProblem } from '../../app/names.ts';
import { accessLink, issueKey, listKeys, revokeKey } from '../../dispatch/access-keys.ts';
import { fullText } from '../../dispatch/record-text.ts';
import { Button } from '../../ui/button.tsx';
import { CopyLink } from '../../ui/copy-link.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Field } from '../../ui/field.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { logWords } from '../../words/log.ts';
import { keysWords } from '../../words/log-keys.ts';
import { shared } from '../../words/shared.ts';
import styles from './keys-dialog.module.css';

/** Issues access keys, shows each once, and revokes them. */
export function Content({ onClose }: { onClose: () => void }) {
  const words = keysWords();
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, after the first render
  useEffect(() => {
    void attempt(async () => {});
  }, []);

  return (
    <Dialog dialog={dialog} title={logWords().accessKeys} width="wide" onClose={onClose}>
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
      <h3 className={styles['heading']}>{words.issued}</h3>
      {keys?.length === 0 && (
        <Empty title={words.none}>
          <p>{words.noneHint}</p>
        </Empty>
      )}
      <ul className={styles['list']} aria-label={words.list}>
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
  const words = keysWords();
  const { roles } = logWords();
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
    setNameError(unclear && shared().name.badSigns(unclear));
    if (wrong === undefined && unclear === undefined)
      onIssue({ role, owner: id, name: whose || id || roles.admin });
  }

  return (
    <form className={styles['form']} onSubmit={submit} aria-label={words.new}>
      <div className={styles['field']}>
        <label htmlFor={select}>{words.for}</label>
        <select
          id={select}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as KeyedRole)}
        >
          {(['vendor', 'driver', 'admin'] as const).map((one) => (
            <option key={one} value={one}>
              {roles[one]}
            </option>
          ))}
        </select>
      </div>
      {role !== 'admin' && (
        <Field
          label={shared().name.label[role === 'vendor' ? 'store' : 'driver']}
          value={owner}
          onChange={setOwner}
          error={error}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      <Field label={words.whose} value={name} onChange={setName} error={nameError} autoComplete="off" />
      <Button type="submit" look="main">
        {words.issue}
      </Button>
    </form>
  );
}

/** Shows a new key, this once. */
function Issued({ issued, onDone }: { issued: IssuedKey; onDone: () => void }) {
  const [origin, setOrigin] = useState(location.origin);
  useEffect(() => {
    fetchHubInfo(keyOf('admin')).then(
      ({ addresses = [] }) => setOrigin(addressesFrom(location.origin, addresses)[0] ?? location.origin),
      // The page's own address works at least on this machine.
      () => {},
    );
  }, []);
  const link = accessLink(origin, issued);
  const words = keysWords();
  return (
    <div className={styles['issued']}>
      <p>
        <strong>{words.keyFor(issued.store ?? issued.driver ?? logWords().roles.admin)}</strong> {words.once}
      </p>
      <QrCode text={link} label={words.code} />
      <p className={styles['link']} dir="ltr">
        {link}
      </p>
      <div className={styles['actions']}>
        <CopyLink url={link} />
        <Button onClick={onDone}>{words.done}</Button>
      </div>
    </div>
  );
}

function Row({ listed, onRevoke }: { listed: ListedKey; onRevoke: () => void }) {
  const { role, store, driver, name, hint, createdAt, revokedAt } = listed;
  const owner = store ?? driver;
  const words = keysWords();
  const { roles } = logWords();
  const whose = owner ?? name ?? roles.admin;
  return (
    <li className={styles['row']} data-revoked={revokedAt !== undefined || undefined}>
      <span className={styles['who']}>
        <strong>
          <bdi>{whose}</bdi>
        </strong>{' '}
        {roles[role]}
        {name !== undefined && name !== whose && (
          <>
            {' '}
            · <bdi>{name}</bdi>
          </>
        )}
      </span>
      <span className={styles['facts']}>
        <PhraseText
          phrase={words.facts(
            <code dir="ltr">{hint}</code>,
            <time dateTime={createdAt}>{fullText(createdAt)}</time>,
          )}
        />
      </span>
      {revokedAt === undefined ? (
        <Button look="danger" size="small" aria-label={words.revokeWhat(whose, hint)} onClick={onRevoke}>
          {words.revoke}
        </Button>
      ) : (
        <span className={styles['revoked']}>{words.revoked}</span>
      )}
    </li>
  );
}
