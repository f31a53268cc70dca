import { errorText } from '../../app/hub-answer.ts';
import { Button } from '../../ui/button.tsx';
import { driver } from '../../words/driver.ts';
import { proofWords } from '../../words/driver-proof.ts';
import type { DriverSession } from './driver-session.ts';
import styles from './image-news.module.css';
import type { ImagesState } from './image-sender.ts';
import { OrderLabel } from './order-label.tsx';

interface ImageNewsProps {
  session: DriverSession;
  images: ImagesState;
  isUp: boolean;
}

/** The photos that the hub does not have yet, and those that it will not take. */
export function ImageNews({ session, images, isUp }: ImageNewsProps) {
  const { waiting, isHubFull, refused } = images;
  const words = proofWords().images;
  const text = !isUp ? words.waiting : isHubFull ? words.hubFull : words.sending;
  return (
    <div className={styles['news']}>
      {waiting > 0 && <p>{text(waiting)}</p>}
      {refused.map(({ image: { id, orderID }, error }) => (
        <p key={id} className={styles['refused']}>
          <span>{words.notTaken(orderID, errorText(error))}</span>
          <Button look="quiet" onClick={() => session.proofs.dismiss(id)}>
            {driver().ok}
            <OrderLabel id={orderID} />
          </Button>
        </p>
      ))}
    </div>
  );
}
