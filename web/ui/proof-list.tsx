import { useEffect, useRef, useState } from 'react';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Profile } from '../../protocol/profile.ts';
import { watchImage } from '../app/image-watch.ts';
import { lines } from '../app/lines.ts';
import type { ProofSource } from '../app/proof-images.ts';
import { provenLife, type ShownProof } from '../app/proven.ts';
import { proofWords as words } from '../words/proofs.ts';
import { Moment } from './age.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { PhraseText } from './phrase-text.tsx';
import styles from './proof-list.module.css';

interface ProofListProps {
  /** Of one parcel, ascending. */
  records: readonly CapsRecord[];
  /** Keep it between renders. */
  source: ProofSource;
}

/** What proves that a parcel was handed over. Nothing where there is nothing to show. */
export function ProofList({ records, source }: ProofListProps) {
  const profile = useProfile(source);
  const { proofs, wrongPins, receivedBy, missing } = provenLife(records, profile);
  if (proofs.length + wrongPins + missing.length === 0) return null;
  const images = proofs.filter(({ blob }) => blob !== undefined);
  const codes = proofs.filter(({ kind, text }) => kind === 'scan' && text !== undefined);
  return (
    <section className={styles['proofs']} aria-label={words().title}>
      <h3>{words().title}</h3>
      {missing.map((kind) => (
        <p key={kind} className={styles['missing']}>
          {words().without[kind]}
        </p>
      ))}
      {images.length > 0 && (
        <ul className={styles['images']}>
          {images.map((proof) => (
            <ProofImage key={`${proof.rev} ${proof.blob}`} proof={proof} source={source} />
          ))}
        </ul>
      )}
      {receivedBy !== undefined && (
        <p>
          <PhraseText phrase={words().receivedBy(<bdi>{lines(receivedBy)}</bdi>)} />
        </p>
      )}
      {proofs.some(({ kind }) => kind === 'pin') && <p>{words().pinRight}</p>}
      {wrongPins > 0 && <p className={styles['quiet']}>{words().pinsWrong(wrongPins)}</p>}
      {codes.map(({ rev, text = '' }) => (
        <p key={`${rev} ${text}`}>
          <PhraseText phrase={words().scanned(<bdi className={styles['code']}>{lines(text)}</bdi>)} />
        </p>
      ))}
    </section>
  );
}

function useProfile(source: ProofSource): Profile | undefined {
  const [profile, setProfile] = useState<Profile>();
  useEffect(() => {
    const over = new AbortController();
    // Without it, nothing is said to be missing.
    source.profile(over.signal).then(setProfile, () => {});
    return () => over.abort();
  }, [source]);
  return profile;
}

type ImageState = { url: string } | 'loading' | 'coming' | 'failed';

function ProofImage({ proof, source }: { proof: ShownProof; source: ProofSource }) {
  const [image, again] = useImage(source, proof.blob ?? '');
  const dialog = useRef<HTMLDialogElement>(null);
  const kind = proof.kind === 'signature' ? 'signature' : 'photo';
  const what = words()[kind];
  const steps: Readonly<Record<string, string>> = words().step;
  const step = steps[proof.of ?? ''];
  return (
    <li>
      {typeof image === 'object' ? (
        <>
          <button
            type="button"
            className={styles['thumbnail']}
            aria-label={words().enlarge(what)}
            onClick={() => dialog.current?.showModal()}
          >
            <img src={image.url} alt="" data-kind={kind} />
          </button>
          <Dialog dialog={dialog} title={what} width="wide">
            <img className={styles['large']} src={image.url} alt={what} data-kind={kind} />
          </Dialog>
        </>
      ) : (
        <span className={styles['empty']}>
          {image === 'loading' && words().loading}
          {image === 'coming' && words().coming[kind]}
          {image === 'failed' && (
            <>
              {words().notLoaded}
              <Button size="small" look="quiet" onClick={again}>
                {words().again}
              </Button>
            </>
          )}
        </span>
      )}
      <span className={styles['caption']}>
        {step !== undefined && <span>{step}</span>}
        <Moment at={proof.time} />
      </span>
    </li>
  );
}

/** Loads an image, and looks again as long as it is still to come. @returns it, and how to try again */
function useImage(source: ProofSource, hash: string): [ImageState, () => void] {
  const [image, setImage] = useState<ImageState>('loading');
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is a reason to load it
  useEffect(() => {
    let url: string | undefined;
    setImage('loading');
    const end = watchImage({
      load: (signal) => source.image(hash, signal),
      told: (found) => {
        if (typeof found === 'string') return setImage(found);
        url = URL.createObjectURL(found);
        setImage({ url });
      },
    });
    return () => {
      end();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [source, hash, tries]);
  return [image, () => setTries(tries + 1)];
}
