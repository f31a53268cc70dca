import { useTime } from '../../app/hooks.ts';
import { count, span } from '../../app/numbers.ts';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { boardWords } from '../../words/board.ts';
import type { ChosenParcel } from './assignments.ts';
import { groupingLink } from './board-address.ts';
import { goToColumn } from './board-keyboard.ts';
import { useDropTarget } from './dragged-parcels.ts';
import styles from './driver-rail.module.css';
import type { BoardDriver } from './drivers.ts';

interface DriverRailProps {
  drivers: readonly BoardDriver[];
  onAssign: (parcels: readonly ChosenParcel[], driver: BoardDriver) => void;
}

const shownMax = 200;

/** The drivers: parcels are dragged onto them. */
export function DriverRail({ drivers, onAssign }: DriverRailProps) {
  const words = boardWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles['rail']} aria-labelledby="drivers" tabIndex={0}>
      <h2 id="drivers">
        {words.driversTitle} <span className={styles['count']}>{count(drivers.length)}</span>
      </h2>
      {drivers.length === 0 ? (
        <p className={styles['hint']}>{words.noDrivers}</p>
      ) : (
        <>
          <p className={styles['hint']} data-for="mouse">
            {words.hint}
          </p>
          <p className={styles['hint']} data-for="touch">
            {words.hintTouch}
          </p>
        </>
      )}
      <ul>
        {drivers.slice(0, shownMax).map((driver) => (
          <Driver key={driver.id} driver={driver} onAssign={onAssign} />
        ))}
      </ul>
    </section>
  );
}

function Driver({ driver, onAssign }: { driver: BoardDriver; onAssign: DriverRailProps['onAssign'] }) {
  const { props, isOver } = useDropTarget((parcels) => onAssign(parcels, driver));
  const { id, name, load } = driver;
  return (
    <li className={styles['driver']} data-driver={id} data-over={isOver || undefined} {...props}>
      <bdi className={styles['name']}>{name}</bdi>
      <a
        className={styles['load']}
        href={groupingLink('driver', id)}
        aria-label={boardWords().load(load, name)}
        onClick={(event) => goToColumn(event, 'driver', id)}
        data-num
      >
        {count(load)}
      </a>
      <DriverFacts driver={driver} />
    </li>
  );
}

/** Whether a driver is on duty, and the last sign of life. */
export function DriverFacts({ driver: { duty, lastSign } }: { driver: BoardDriver }) {
  const words = boardWords();
  const age = useTime((now) => (lastSign === undefined ? '' : span(now - lastSign)));
  return (
    <span className={styles['facts']} data-duty={duty}>
      {words.duty[duty]}
      {age !== '' && ' · '}
      {age !== '' && <PhraseText phrase={words.seen(<time>{age}</time>)} />}
    </span>
  );
}
