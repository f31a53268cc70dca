/** What the hub says of itself before anyone connects. */
export interface HubInfo {
  readonly version: string;
  /** `open`: anyone who can reach the hub may take any role. */
  readonly access: 'open' | 'keyed';
  /** The hub's origins on this network, those for other machines first. */
  readonly addresses: readonly string[];
}

/** @throws where the hub does not answer, or not as it should */
export async function fetchHubInfo(): Promise<HubInfo> {
  const response = await fetch('/api/hub');
  if (!response.ok) throw new Error(`The hub answered ${response.status}.`);
  return (await response.json()) as HubInfo;
}
