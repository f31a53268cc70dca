import { home } from '../../words/home.ts';
import styles from './page-card.module.css';

export interface PageCardProps {
  path: string;
  name: string;
  /** What it is for, in one sentence. */
  what: string;
  /** Where others reach it. */
  origin: string;
  /** This browser has no key for it. */
  needsKey: boolean;
  /** The hub draws codes for its own addresses alone, and those have to be asked for first. */
  code: 'coming' | 'shown' | 'none';
}

/** A page of the hub, to be opened here or scanned from another device. */
export function PageCard({ path, name, what, origin, needsKey, code }: PageCardProps) {
  const url = `${origin}${path}`;
  return (
    <li className={styles['card']}>
      <div className={styles['text']}>
        <h2>
          <a className={styles['link']} href={path}>
            {name}
          </a>
        </h2>
        <p className={styles['what']}>{what}</p>
        {needsKey && <p className={styles['key']}>{home().needsKey}</p>}
        <p className={styles['url']}>
          {origin}
          <wbr />
          {path}
        </p>
      </div>
      {code === 'coming' && <span className={styles['code']} data-coming />}
      {code === 'shown' && (
        <img
          className={styles['code']}
          src={`/qr.svg?url=${encodeURIComponent(url)}`}
          alt={home().code(url)}
          width={132}
          height={132}
        />
      )}
    </li>
  );
}
