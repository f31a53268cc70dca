import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { cleanText } from '../../app/clean-text.ts';
import { useStore } from '../../app/hooks.ts';
import { count } from '../../app/numbers.ts';
import { isKnownDriver } from '../../dispatch/known-drivers.ts';
import { messageOf } from '../../dispatch/parcel-watch.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { boardWords } from '../../words/board.ts';
import styles from './assign-dialog.module.css';
import type { ChosenDriver, ChosenParcel } from './assignments.ts';
import type { BoardStore } from './board-store.ts';
import { DriverFacts } from './driver-rail.tsx';
import { type BoardDriver, matchingDrivers } from './drivers.ts';
import { parcelLabel } from './parcel-label.ts';

interface AssignDialogProps {
  store: BoardStore;
  parcels: readonly ChosenParcel[];
  onAssign: (parcels: readonly ChosenParcel[], driver: ChosenDriver) => void;
  onClose: () => void;
}

const shownMax = 50;

/** Asks whom to give parcels to: type a few letters, press Enter. Not loaded on demand: who presses A types on at once. */
export function AssignDialog({ store, parcels, onAssign, onClose }: AssignDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const words = boardWords().dialog;
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector('input')?.focus();
  }, []);
  const assign = (driver: ChosenDriver): void => {
    dialog.current?.close();
    onAssign(parcels, driver);
  };
  // What a driver takes while the dialog is open is not assigned, so the title does not count it.
  useStore(store.board);
  const [first, ...others] = store.freeOf(parcels);
  return (
    <Dialog
      dialog={dialog}
      width="narrow"
      title={
        first && others.length === 0
          ? words.assignOne(parcelLabel(first.view))
          : words.assignMany(first ? others.length + 1 : 0)
      }
      onClose={onClose}
    >
      <DriverChoice store={store} onDriver={assign} />
    </Dialog>
  );
}

interface DriverDoubt {
  readonly driver: string;
  readonly why: string;
}

function DriverChoice({ store, onDriver }: { store: BoardStore; onDriver: (driver: ChosenDriver) => void }) {
  const words = boardWords().dialog;
  const { drivers } = useStore(store.board);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const [doubt, setDoubt] = useState<DriverDoubt | 'asking'>();
  const found = matchingDrivers(drivers, typed).slice(0, shownMax);
  const at = Math.min(active, found.length - 1);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const name = cleanText(typed);
    const chosen = found.find(({ id }) => id === name) ?? found[at];
    if (chosen) {
      onDriver(chosen);
      return;
    }
    if (name === '') return;
    setDoubt('asking');
    const why = await doubtOf(store, name);
    if (why === undefined) onDriver({ id: name });
    else setDoubt({ driver: name, why });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || found.length === 0) return;
    event.preventDefault();
    setActive((at + step + found.length) % found.length);
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="drivers-found"
        aria-activedescendant={found[at] ? `driver-${at}` : undefined}
        aria-label={words.driver}
        placeholder={words.driver}
        autoComplete="off"
        autoCapitalize="none"
        maxLength={128}
        className={styles['field']}
        value={typed}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
          setDoubt(undefined);
        }}
      />
      <FoundDrivers found={found} active={at} onDriver={onDriver} />
      <Doubt doubt={doubt} onAnyway={(driver) => onDriver({ id: driver })} />
    </form>
  );
}

interface FoundDriversProps {
  found: readonly BoardDriver[];
  /** Index of the one that Enter chooses. */
  active: number;
  onDriver: (driver: ChosenDriver) => void;
}

function FoundDrivers({ found, active, onDriver }: FoundDriversProps) {
  return (
    <div
      id="drivers-found"
      role="listbox"
      aria-label={boardWords().dialog.choose}
      className={styles['drivers']}
    >
      {found.map((driver, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and takes the keys
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div
          key={driver.id}
          id={`driver-${i}`}
          role="option"
          aria-selected={i === active}
          className={styles['driver']}
          onClick={() => onDriver(driver)}
        >
          <bdi className={styles['name']}>{driver.name}</bdi>
          <span data-num>{count(driver.load)}</span>
          <DriverFacts driver={driver} />
        </div>
      ))}
    </div>
  );
}

interface DoubtProps {
  doubt: DriverDoubt | 'asking' | undefined;
  onAnyway: (driver: string) => void;
}

function Doubt({ doubt, onAnyway }: DoubtProps) {
  const words = boardWords().dialog;
  return (
    <div role="alert" className={styles['doubt']}>
      {doubt === 'asking' && words.asking}
      {doubt !== undefined && doubt !== 'asking' && (
        <>
          <span>{doubt.why}</span>
          <Button onClick={() => onAnyway(doubt.driver)}>{words.anyway}</Button>
        </>
      )}
    </div>
  );
}

/** @returns a doubt about a driver who is not in the list, for a person; undefined if the driver is known */
async function doubtOf(store: BoardStore, driver: string): Promise<string | undefined> {
  const words = boardWords().dialog;
  try {
    return (await isKnownDriver(store, driver)) ? undefined : words.unknown(driver);
  } catch (error) {
    return words.doubtful(driver, messageOf(error));
  }
}
