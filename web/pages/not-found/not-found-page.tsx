import { Shell } from '../../ui/shell.tsx';
import styles from './not-found-page.module.css';

export function NotFoundPage() {
  return (
    <Shell page="Not found">
      <div className={styles['page']}>
        <h2>There is no page at this address.</h2>
        <p>Perhaps the link was cut short, or has a letter too many.</p>
        <p>
          <a href="/">To the start page</a>
        </p>
      </div>
    </Shell>
  );
}
