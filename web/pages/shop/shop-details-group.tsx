import styles from './shop-details.module.css';

/** What a group of details is, and whom it concerns. */
export function GroupHead({ title, hint }: { title: string; hint: string }) {
  return (
    <div>
      <h3>{title}</h3>
      <p className={styles['hint']}>{hint}</p>
    </div>
  );
}
