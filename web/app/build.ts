/** Whether the hub serves another build than this page's, as after an upgrade. */
export async function isNewBuild(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src;
  if (!import.meta.env.PROD || own === undefined) return false;
  try {
    const response = await fetch(location.pathname, { cache: 'no-store' });
    // The name of a built file contains a hash of its content.
    return response.ok && !(await response.text()).includes(new URL(own).pathname);
  } catch {
    // The hub went away again.
    return false;
  }
}
