import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import type { DriverSession } from './driver-session.ts';
import { OrderLabel } from './order-label.tsx';
import { type HeldRow, isQuiet, type Toast } from './session-state.ts';

/** What a toast offers: to take its step back, or OK. */
export function ToastButton({
  session,
  item: { key, known },
  toast,
}: {
  session: DriverSession;
  item: HeldRow;
  toast: Toast;
}) {
  const isUndo = toast.kind === 'undo';
  const { actions } = session;
  return (
    <Button
      look={isUndo && !isQuiet(toast) ? 'plain' : 'quiet'}
      onClick={firstTap(() => (isUndo ? actions.undo(key) : actions.acknowledge(key)))}
    >
      {isUndo ? driver().undo : driver().ok}
      <OrderLabel id={known.view.payload.orderID} />
    </Button>
  );
}
