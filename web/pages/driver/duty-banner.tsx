import { useSelect } from '../../app/hooks.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { proofWords } from '../../words/driver-proof.ts';
import type { DriverSession } from './driver-session.ts';

/** Reminds a driver who is off duty of held parcels: only those not collected can be released. */
export function DutyBanner({ session }: { session: DriverSession }) {
  const hasClaimed = useSelect(session.state, (state) => state.claimed > 0);
  const hasCarried = useSelect(session.state, (state) => state.carried > 0);
  const { duty } = proofWords();
  return (
    <Banner
      tone="trouble"
      actions={
        <Button size="small" onClick={() => session.duty.set(true)}>
          {duty.backOn}
        </Button>
      }
    >
      {hasClaimed && hasCarried ? duty.both : hasCarried ? duty.carried : duty.claimed}
    </Banner>
  );
}
