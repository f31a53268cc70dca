import { home } from '../../words/home.ts';
import styles from './page-card.module.css';

export interface PageCardProps {
  path: string;
  name: string;
  /** The page's purpose in one sentence. */
  what: string;
  /** Further pages for the same people. */
  beside: readonly { readonly path: string; readonly text: string }[];
  /** The hub's address for other devices. */
  origin: string;
  /** This browser has no key for it. */
  needsKey: boolean;
  /** `coming` until the hub has returned its addresses: it draws QR codes for those only. */
  code: 'coming' | 'shown' | 'none';
}

/** A link to a page, with a QR code for other devices. */
export function PageCard({ path, name, what, beside, origin, needsKey, code }: PageCardProps) {
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
        {beside.map((page) => (
          <a key={page.path} className={styles['beside']} href={page.path}>
            {page.text}
          </a>
        ))}
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
