import { pinsWrong } from '../../../protocol/amendment.ts';
import { useStore } from '../../app/hooks.ts';
import { oneLine } from '../../app/lines.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { logWords } from '../../words/log.ts';
import type { LogStore } from './log-store.ts';

/** The newest urgent note that dispatch has not seen; its parcel has the button that says so. */
export function UrgentBanner({ store }: { store: LogStore }) {
  const notes = useStore(store.urgent.state);
  const newest = notes.at(-1);
  if (!newest) return null;
  const { parcel, by, text, about } = newest;
  const words = logWords().urgent;
  const [who, order] = [oneLine(by), oneLine(parcel.orderID)];
  const said = [
    ...(about === 'pin' ? [words.pins(who, order)] : []),
    ...(text === pinsWrong ? [] : [words.note(who, order, oneLine(text))]),
  ];
  return (
    <Banner
      tone="trouble"
      actions={
        <Button size="small" onClick={() => store.parcel.show(parcel)}>
          {words.open}
        </Button>
      }
    >
      {said.join(' ')}
      {notes.length > 1 && ` ${words.more(notes.length - 1)}`}
    </Banner>
  );
}
