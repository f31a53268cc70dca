import { Banner } from '../../ui/banner.tsx';
import { proofWords } from '../../words/driver-proof.ts';

/** What this browser cannot do here. */
export function Limits({ isKeeping }: { isKeeping: boolean }) {
  const { keepsNothing, needsHttps } = proofWords().limits;
  return <p>{isKeeping ? <a href="/phone">{needsHttps}</a> : keepsNothing}</p>;
}

/** Unsent actions would be lost with the page. */
export function AtRisk() {
  return <Banner tone="trouble">{proofWords().limits.atRisk}</Banner>;
}
