import { type FormEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { limits } from '../../../protocol/limits.ts';
import { cleanText } from '../../app/clean-text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { proofWords } from '../../words/driver-proof.ts';
import type { CodeReader } from './code-reader.ts';
import styles from './proof-row.module.css';

interface ScanPanelProps {
  /** Takes a code, unless it is the label of another parcel. */
  onCode: (code: string) => ScanVerdict;
  /** What to say of the label of another parcel. */
  refusal: ReactNode;
}

/** After a code that is not taken the camera goes on looking. */
type ScanVerdict = 'taken' | 'other';
type Problem = 'none' | 'noCamera' | 'failed' | 'other';

/** Pause between two looks at the moving picture. */
const lookEveryMs = 150;

/** Reads a code with the camera; where that may not be used, from a photo; and else as it is typed. */
export function ScanPanel({ onCode, refusal }: ScanPanelProps) {
  const words = proofWords();
  const [problem, setProblem] = useState<Problem>();
  const still = useRef<HTMLInputElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  // Browsers give the camera to secure pages only.
  const [hasCamera, setHasCamera] = useState(isSecureContext && navigator.mediaDevices !== undefined);
  const take = (code: string): ScanVerdict => {
    const taken = onCode(code);
    if (taken === 'other') setProblem('other');
    return taken;
  };
  useCamera(video, hasCamera, take, () => {
    setHasCamera(false);
    setProblem('noCamera');
  });
  const readStill = async (file: Blob) => {
    try {
      const code = await codeIn(file);
      if (code === undefined) setProblem('none');
      else take(code);
    } catch {
      setProblem('failed');
    }
  };
  return (
    <div className={styles['panel']} data-pad="scan">
      <p>{hasCamera ? words.scan.aim : words.scan.title}</p>
      {hasCamera && (
        <video ref={video} className={styles['view']} muted playsInline aria-label={words.scan.camera} />
      )}
      {problem && (
        <div className={styles['problem']} role="alert">
          {problem === 'other' ? refusal : <p>{textOf(problem)}</p>}
        </div>
      )}
      <div className={styles['pair']}>
        <Button onClick={firstTap(() => still.current?.click())}>{words.scan.still}</Button>
      </div>
      <input
        ref={still}
        hidden
        type="file"
        accept="image/*"
        capture="environment"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          currentTarget.value = '';
          setProblem(undefined);
          if (file) void readStill(file);
        }}
      />
      <TypedCode onCode={take} />
    </div>
  );
}

function TypedCode({ onCode }: { onCode: (code: string) => void }) {
  const words = proofWords().scan;
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const code = cleanText(typed);
    if (code !== '') onCode(code);
  };
  return (
    <form className={styles['type']} onSubmit={submit}>
      <Field
        label={words.typed}
        value={typed}
        onChange={setTyped}
        maxLength={limits.stringLength}
        autoComplete="off"
        enterKeyHint="done"
      />
      <Button type="submit">{words.use}</Button>
    </form>
  );
}

function textOf(problem: Exclude<Problem, 'other'>): string {
  const { problem: usual, scan } = proofWords();
  return problem === 'failed' ? usual.failed : scan[problem];
}

async function loadReader(): Promise<CodeReader> {
  const { CodeReader } = await import('./code-reader.ts');
  return new CodeReader();
}

async function codeIn(file: Blob): Promise<string | undefined> {
  const [reader, picture] = await Promise.all([loadReader(), createImageBitmap(file)]);
  try {
    return await reader.read(picture);
  } finally {
    picture.close();
  }
}

/** Shows what the camera sees, and looks for a code in it, until one is found or the panel is closed. */
function useCamera(
  video: RefObject<HTMLVideoElement | null>,
  isWanted: boolean,
  onCode: (code: string) => ScanVerdict,
  onNone: () => void,
): void {
  const latest = useRef({ onCode, onNone });
  latest.current = { onCode, onNone };
  useEffect(() => {
    if (!isWanted) return undefined;
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const stop = () => {
      isOver = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const look = async (reader: CodeReader): Promise<void> => {
      const code = video.current ? await reader.read(video.current) : undefined;
      if (isOver) return;
      const isDone = code !== undefined && latest.current.onCode(code) === 'taken';
      if (!isDone) timer = setTimeout(() => void look(reader), lookEveryMs);
    };
    const start = async (): Promise<void> => {
      const reader = await loadReader();
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (isOver || !video.current) return stop();
      video.current.srcObject = stream;
      await video.current.play();
      await look(reader);
    };
    start().catch(() => {
      if (!isOver) latest.current.onNone();
      stop();
    });
    return stop;
  }, [isWanted, video]);
}
