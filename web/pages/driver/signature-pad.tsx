import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { proofWords } from '../../words/driver-proof.ts';
import styles from './proof-row.module.css';

interface SignaturePadProps {
  /** @param drawing dark lines on white paper, as PNG */
  onDone: (drawing: Blob) => void;
  /** What stands there after each line, so that nothing is lost without a tap on Done; undefined once it is cleared. */
  onDraw: (drawing: Blob | undefined) => void;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A line shorter than this, in CSS pixels, is no signature. */
const lengthMin = 40;
const lineWidth = 2.5;
const paper = '#ffffff';
const ink = '#14181f';

/** A field of the whole width for a finger. */
export function SignaturePad({ onDone, onDraw }: SignaturePadProps) {
  const words = proofWords().signature;
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Place>(undefined);
  const length = useRef(0);
  const [isDot, setIsDot] = useState(false);

  const clear = () => {
    wipe(canvas.current);
    length.current = 0;
    setIsDot(false);
    onDraw(undefined);
  };
  useEffect(() => {
    wipe(canvas.current);
    canvas.current?.parentElement?.scrollIntoView({ block: 'nearest' });
  }, []);

  const draw = (event: PointerEvent) => {
    const from = last.current;
    if (!from || !canvas.current) return;
    last.current = placeIn(canvas.current, event);
    length.current += drawLine(canvas.current, from, last.current);
  };
  const takeDrawing = (use: (drawing: Blob) => void) =>
    canvas.current?.toBlob((drawing) => drawing && use(drawing), 'image/png');
  const lift = () => {
    if (last.current && length.current >= lengthMin) takeDrawing(onDraw);
    last.current = undefined;
  };
  const done = () => {
    if (length.current < lengthMin) {
      setIsDot(true);
      return;
    }
    takeDrawing(onDone);
  };
  return (
    <div className={styles['panel']} data-pad="signature">
      <p>{words.title}</p>
      <canvas
        ref={canvas}
        className={styles['paper']}
        role="img"
        aria-label={words.title}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setIsDot(false);
          last.current = placeIn(event.currentTarget, event);
          draw(event);
        }}
        onPointerMove={draw}
        onPointerUp={lift}
        onPointerCancel={lift}
      />
      {isDot && (
        <p className={styles['problem']} role="alert">
          {words.dot}
        </p>
      )}
      <div className={styles['pair']}>
        <Button look="quiet" onClick={firstTap(clear)}>
          {words.clear}
        </Button>
        <Button onClick={firstTap(done)}>{words.done}</Button>
      </div>
    </div>
  );
}

function placeIn(pad: HTMLCanvasElement, { clientX, clientY }: PointerEvent): Place {
  const { left, top } = pad.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** @returns its length in CSS pixels */
function drawLine(pad: HTMLCanvasElement, from: Place, to: Place): number {
  const pen = pad.getContext('2d');
  pen?.beginPath();
  pen?.moveTo(from.x, from.y);
  pen?.lineTo(to.x, to.y);
  pen?.stroke();
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** White paper of the size that the field has now. */
function wipe(pad: HTMLCanvasElement | null): void {
  const pen = pad?.getContext('2d');
  if (!pad || !pen) return;
  const { width, height } = pad.getBoundingClientRect();
  // At most two pixels for each of CSS: a signature needs no more.
  const scale = Math.min(2, devicePixelRatio);
  pad.width = Math.round(width * scale);
  pad.height = Math.round(height * scale);
  pen.scale(scale, scale);
  pen.fillStyle = paper;
  pen.fillRect(0, 0, width, height);
  pen.strokeStyle = ink;
  pen.lineWidth = lineWidth;
  pen.lineCap = 'round';
}
