/** Whether a panel lies over the page: on a phone there is no room beside the list. */
export function isSheet(panel: HTMLElement): boolean {
  return getComputedStyle(panel).position === 'fixed';
}
