import type { ReactNode } from 'react';
import styles from './step-drawing.module.css';

/** What a step looks like on the phone. */
export type StepShape = 'download' | 'settings' | 'install' | 'switch' | 'test';

const rows = [22, 34, 46, 58];

const shapes: Readonly<Record<StepShape, ReactNode>> = {
  download: (
    <>
      <path data-strong d="M24 24v24m-9-9 9 9 9-9" />
      <path d="M12 56v8h24v-8" />
    </>
  ),
  settings: (
    <>
      <circle cx="21" cy="24" r="6" />
      <path d="m26 29 6 6" />
      <path d="M11 46h26M11 66h26" />
      <rect data-filled x="9" y="51" width="30" height="10" rx="2" />
    </>
  ),
  install: (
    <>
      <rect x="12" y="22" width="24" height="30" rx="2" />
      <path d="M17 29h14M17 35h9" />
      <circle data-filled cx="31" cy="50" r="9" />
      <path data-ink d="m27 50 3 3 5-6" />
    </>
  ),
  switch: (
    <>
      <path d={rows.map((y) => `M11 ${y}h12`).join('')} />
      <rect data-filled x="25" y="40" width="16" height="11" rx="5.5" />
      <circle data-knob cx="35.5" cy="45.5" r="3.5" />
    </>
  ),
  test: (
    <>
      <path data-strong d="M17 40v-7a7 7 0 0 1 14 0v7" />
      <rect data-filled x="13" y="40" width="22" height="18" rx="3" />
      <path data-ink d="m19 49 3.5 3.5L29 46" />
    </>
  ),
};

/** A phone that shows it. The words beside it say the same. */
export function StepDrawing({ shape }: { shape: StepShape }) {
  return (
    <svg className={styles['drawing']} viewBox="0 0 48 84" aria-hidden="true">
      <rect data-frame x="3" y="3" width="42" height="78" rx="7" />
      <path d="M20 9h8" />
      {shapes[shape]}
    </svg>
  );
}
