/** What an error of a disk or a database says, in one line. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replaceAll('\n', ' ');
}
