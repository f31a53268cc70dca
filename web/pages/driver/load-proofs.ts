/** Both parts of proofs, so that a stop that is opened while there is network has them in a basement. */
export async function loadProofs() {
  const [parts] = await Promise.all([import('./proof-parts.ts'), import('./image-desk.ts')]);
  return parts;
}

/** `missing`: the hub is away, or serves another build. */
export type LoadedProofs = Awaited<ReturnType<typeof loadProofs>> | 'missing' | undefined;
