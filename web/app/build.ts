/** Whether the hub serves another build of the pages than the one that this page is of, as after an upgrade. */
export async function isNewBuild(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src;
  if (!import.meta.env.PROD || own === undefined) return false;
  try {
    const response = await fetch(location.pathname, { cache: 'no-store' });
    // The names of built files change with what is in them.
    return response.ok && !(await response.text()).includes(new URL(own).pathname);
  } catch {
    // The hub went away again.
    return false;
  }
}
