import { type RefObject, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { proofWords } from '../../words/driver-proof.ts';
import type { DriverSession } from './driver-session.ts';
import type { ImageProblem } from './image-desk.ts';
import type { KeptImage } from './image-store.ts';
import { OrderLabel } from './order-label.tsx';
import { PinPad } from './pin-pad.tsx';
import { missingProofs } from './proof-asks.ts';
import styles from './proof-row.module.css';
import { ProofScan } from './proof-scan.tsx';
import type { HeldRow } from './session-state.ts';
import { SignaturePad } from './signature-pad.tsx';

export type ProofPanel = 'signature' | 'pin' | 'scan';

interface ProofRowProps {
  session: DriverSession;
  item: HeldRow;
  /** The step was tried without what is missing. */
  isWanted: boolean;
  /** What is open below the row. */
  panel: ProofPanel | undefined;
  onPanel: (panel: ProofPanel | undefined) => void;
  /** Opens the notes. */
  onNote: () => void;
  /** Opens the camera by a click. */
  camera: RefObject<HTMLInputElement | null>;
}

const kinds = ['photo', 'signature', 'pin', 'scan'] as const;
type Kind = (typeof kinds)[number];

/** The proofs that a shop asks for at the next step of a parcel: one row, and below it what one of them needs. */
export function ProofRow({ session, item, isWanted, panel, onPanel, onNote, camera }: ProofRowProps) {
  const { asked } = item;
  const words = proofWords();
  const [problem, setProblem] = useState<ImageProblem | 'failed'>();
  const [isWorking, setIsWorking] = useState(false);
  const take = async (adding: Promise<ImageProblem | undefined>) => {
    setIsWorking(true);
    setProblem(undefined);
    setProblem(await adding.catch(() => 'failed' as const));
    setIsWorking(false);
  };
  const press = (kind: Kind) => {
    session.actions.open(item);
    if (kind === 'photo') camera.current?.click();
    else onPanel(panel === kind ? undefined : kind);
  };
  return (
    <>
      <Chips item={item} isWanted={isWanted} panel={panel} onPress={press} />
      {asked.photo !== undefined && (
        <PhotoInput
          camera={camera}
          onPhoto={(file) => take(session.proofs.addPhoto(item.known.view.payload, file))}
        />
      )}
      {isWorking && <p className={styles['said']}>{words.working}</p>}
      {problem && (
        <p className={styles['problem']} role="alert">
          {words.problem[problem]}
        </p>
      )}
      {panel === undefined && <Pictures session={session} item={item} />}
      {panel === 'signature' && (
        <SignaturePad
          onDraw={(drawing) => {
            if (!drawing) session.proofs.removeImage(item.key, 'signature');
            else void session.proofs.addSignature(item.known.view.payload, drawing).catch(() => {});
          }}
          onDone={(drawing) => {
            onPanel(undefined);
            void take(session.proofs.addSignature(item.known.view.payload, drawing));
          }}
        />
      )}
      {panel === 'pin' && (
        <PinPad session={session} item={item} onDone={() => onPanel(undefined)} onNote={onNote} />
      )}
      {panel === 'scan' && <ProofScan session={session} item={item} onDone={() => onPanel(undefined)} />}
      <Said item={item} />
    </>
  );
}

type ChipsProps = Pick<ProofRowProps, 'item' | 'isWanted' | 'panel'> & { onPress: (kind: Kind) => void };

function Chips({ item: { asked, draft, known }, isWanted, panel, onPress }: ChipsProps) {
  const words = proofWords();
  const { required, warned } = missingProofs(asked, draft);
  const missing = isWanted ? [...required, ...warned] : [];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
    <div className={styles['row']} role="group" aria-label={words.title}>
      {kinds
        .filter((kind) => asked[kind] !== undefined)
        .map((kind) => {
          const isDone = draft[kind] !== undefined;
          const isMissing = missing.includes(kind);
          return (
            <Button
              key={kind}
              data-done={isDone}
              data-missing={isMissing}
              aria-expanded={kind === 'photo' ? undefined : panel === kind}
              onClick={firstTap(() => onPress(kind))}
            >
              {isDone && <span aria-hidden="true">✓</span>}
              {words.chip[kind]}
              {(isDone || isMissing) && (
                <span className="visually-hidden"> {isDone ? words.done : words.wanted}</span>
              )}
              <OrderLabel id={known.view.payload.orderID} />
            </Button>
          );
        })}
    </div>
  );
}

interface PhotoInputProps {
  camera: RefObject<HTMLInputElement | null>;
  onPhoto: (file: File) => void;
}

/** The camera of the phone, also on plain http. The chip stands for it. */
function PhotoInput({ camera, onPhoto }: PhotoInputProps) {
  return (
    <input
      ref={camera}
      hidden
      type="file"
      accept="image/*"
      capture="environment"
      onChange={({ currentTarget }) => {
        const [file] = currentTarget.files ?? [];
        // The same photo again is a change, too.
        currentTarget.value = '';
        if (file) onPhoto(file);
      }}
    />
  );
}

/** What of the PIN and the scan is known. */
function Said({ item: { draft } }: { item: HeldRow }) {
  const words = proofWords();
  const pin = draft.pin && { kept: words.pin.kept, right: words.pin.right, asking: words.pin.checking };
  return (
    <>
      {draft.pin && pin && <p className={styles['said']}>{pin[draft.pin.state]}</p>}
      {draft.scan !== undefined && (
        <p className={styles['said']}>
          <bdi>{words.scan.read(draft.scan)}</bdi>
        </p>
      )}
    </>
  );
}

/** The images that were made, each with a way to take it away again. */
function Pictures({ session, item: { key, draft, known } }: { session: DriverSession; item: HeldRow }) {
  const images = [draft.photo, draft.signature].filter((image) => image !== undefined);
  if (images.length === 0) return null;
  return (
    <ul className={styles['pictures']}>
      {images.map((image) => (
        <li key={image.id}>
          <Picture session={session} image={image} />
          <Button look="quiet" onClick={firstTap(() => session.proofs.removeImage(key, image.kind))}>
            {proofWords().remove}
            <span className="visually-hidden"> {proofWords().chip[image.kind]}</span>
            <OrderLabel id={known.view.payload.orderID} />
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Drawn, because the page's rules allow images of the hub alone. */
function Picture({ session, image }: { session: DriverSession; image: KeptImage }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    void draw(canvas.current, session, image).catch(() => {});
  }, [session, image]);
  return <canvas ref={canvas} role="img" aria-label={proofWords().shown[image.kind]} />;
}

async function draw(
  canvas: HTMLCanvasElement | null,
  session: DriverSession,
  image: KeptImage,
): Promise<void> {
  const bytes = await session.proofs.bytes(image);
  if (!bytes || !canvas) return;
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const height = 128;
  canvas.height = height;
  canvas.width = Math.round((bitmap.width / bitmap.height) * height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, height);
  bitmap.close();
}
