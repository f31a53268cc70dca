import { hubClock } from '../../app/hub-clock.ts';
import { lines } from '../../app/lines.ts';
import { dateFormat } from '../../app/numbers.ts';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { shopPrint as words } from '../../words/shop-print.ts';
import type { CourierList, PrintedOrder } from './print-job.ts';
import { QrImage } from './print-label.tsx';
import styles from './print-view.module.css';
import type { SheetParts } from './sheet-parts.ts';
import { windowPhrase } from './window-text.ts';

interface DocketSheetProps {
  list: CourierList;
  /** Whether it is one courier's, which its head then names. */
  isOfDriver: boolean;
  parts: SheetParts;
}

/** A list on A4, to tick off and to sign. Its head stands on every sheet. */
export function DocketSheet({ list: { driver, orders }, isOfDriver, parts }: DocketSheetProps) {
  const { profile, store, zone } = parts;
  const today = dateFormat({ timeZone: zone, dateStyle: 'full' })().format(hubClock.now());
  const whose = driver ? (driver.name ?? driver.id) : words().noDriver;
  return (
    <table className={styles['docket']}>
      <colgroup>
        <col className={styles['narrow']} />
        <col />
        <col className={styles['narrow']} />
        <col className={styles['wide']} />
        <col className={styles['wide']} />
      </colgroup>
      <thead>
        <tr>
          <td colSpan={5} className={styles['docketHead']}>
            <b>
              <bdi>{profile.name || store}</bdi>
            </b>
            {isOfDriver && (
              <>
                {' · '}
                <b>
                  <bdi>{whose}</bdi>
                </b>
              </>
            )}
            {' · '}
            {today}
            {' · '}
            {words().count(orders.length)}
          </td>
        </tr>
        <tr>
          <th scope="col">{words().order}</th>
          <th scope="col">{words().to}</th>
          <th scope="col">{words().time}</th>
          <th scope="col">{words().note}</th>
          <th scope="col">{words().received}</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((printed) => (
          <DocketRow key={printed.order.orderID} printed={printed} parts={parts} />
        ))}
      </tbody>
    </table>
  );
}

function DocketRow({ printed: { order }, parts }: { printed: PrintedOrder; parts: SheetParts }) {
  const { orderID, customer, address, phone, note } = order;
  const window = windowPhrase(order, parts.zone);
  return (
    <tr>
      <td>
        <div className={styles['docketOrder']}>
          <QrImage text={parts.linkTo(orderID)} label={words().code(orderID)} />
          <b>
            <bdi>{orderID}</bdi>
          </b>
        </div>
      </td>
      <td>
        <b className={styles['block']} dir="auto">
          {lines(customer)}
        </b>
        <span className={styles['block']} dir="auto">
          {lines(address)}
        </span>
        {phone !== undefined && (
          <bdi dir="ltr" className={styles['block']}>
            {phone}
          </bdi>
        )}
      </td>
      <td>{window && <PhraseText phrase={window} />}</td>
      <td dir="auto">{note !== undefined && lines(note)}</td>
      {/* For a signature. */}
      <td />
    </tr>
  );
}
