/** Brings the open stop into view, with the focus on its next step. */
export function focusOpenStop(page: ParentNode | null | undefined): void {
  const stop = page?.querySelector('[data-job="true"][data-status]');
  stop?.scrollIntoView({ block: 'nearest' });
  stop?.querySelector<HTMLElement>('button[data-size="big"]')?.focus({ preventScroll: true });
}
