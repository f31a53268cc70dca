import { Shell } from '../../ui/shell.tsx';
import { notFound } from '../../words/not-found.ts';
import styles from './not-found-page.module.css';

export function Page() {
  const words = notFound();
  return (
    <Shell page="not-found">
      <div className={styles['page']}>
        <h2>{words.title}</h2>
        <p>{words.hint}</p>
        <p>
          <a href="/">{words.toStart}</a>
        </p>
      </div>
    </Shell>
  );
}
