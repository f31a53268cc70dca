import { type StepName, stepsFrom } from '../../dispatch/parcel-steps.tsx';
import { Button } from '../../ui/button.tsx';
import { actionsWords } from '../../words/log-actions.ts';
import { focusBoard } from './board-keyboard.ts';
import type { BoardStore } from './board-store.ts';
import type { Selection } from './selection.ts';

interface MarkedStepsProps {
  store: BoardStore;
  selection: Selection;
}

/** The steps that all marked parcels may take now. */
export function MarkedSteps({ store, selection }: MarkedStepsProps) {
  const words = actionsWords().step;
  const take = (event: StepName) => {
    void store.take(selection.keys, event);
    selection.clear();
    // The button is gone with what was marked.
    focusBoard();
  };
  const rows = [...selection.keys].map((key) => store.row(key));
  const [first] = rows;
  const common = first ? stepsFrom(first.view.status) : [];
  return common
    .filter((event) => rows.every((row) => row && stepsFrom(row.view.status).includes(event)))
    .map((event) => (
      <Button key={event} size="small" onClick={() => take(event)}>
        {words[event].do}
      </Button>
    ));
}
