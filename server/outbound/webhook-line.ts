/** One webhook as its sender knows it. */

import type { Follower } from './follower.ts';
import type { KeptWebhook } from './webhook-rows.ts';

/** How it does. */
export type LineState = 'active' | 'failing' | 'paused';

export class Line {
  readonly id: string;
  kept: KeptWebhook;
  follower: Follower | undefined;
  /** Its row or place may have changed. */
  isStale = true;
  isRunning = false;
  isWaiting = false;
  /** Something has come while it ran. */
  isWoken = false;
  state: LineState = 'active';
  cancel: (() => void) | undefined;

  constructor(id: string, kept: KeptWebhook) {
    this.id = id;
    this.kept = kept;
  }

  get owner(): string {
    return this.kept.store ?? '';
  }
}
