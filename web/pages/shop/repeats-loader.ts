/** Loads the dialog of orders that repeat, from either of the places that open it. */
export const loadRepeats = async () => ({ Content: (await import('./repeats-dialog.tsx')).RepeatsDialog });
