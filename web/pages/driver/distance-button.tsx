import { useEffect, useState } from 'react';
import { placeOf } from '../../../protocol/coordinates.ts';
import type { Order } from '../../../protocol/orders.ts';
import { Button } from '../../ui/button.tsx';
import { proofWords } from '../../words/driver-proof.ts';
import { pageFormats } from '../../words/spoken.ts';
import { drawDistances } from './distance.tsx';
import { distanceKm, distanceText, type Place, watchPlace } from './here.ts';

/** Asks for the phone's position, and shows from then on how far each stop is. Browsers tell it to secure pages only. */
export function DistanceButton() {
  const words = proofWords().distance;
  const [state, setState] = useState<'off' | 'on' | 'none'>('off');
  useEffect(() => {
    if (state === 'none') drawDistances(undefined);
    if (state !== 'on') return undefined;
    return watchPlace(navigator.geolocation, (here) => {
      if (here) drawDistances((order) => <Far here={here} order={order} />);
      else setState('none');
    });
  }, [state]);
  // The list is gone, with all that is far.
  useEffect(() => () => drawDistances(undefined), []);
  if (!isSecureContext || !('geolocation' in navigator) || state === 'on') return null;
  if (state === 'none') return <span role="status">{words.none}</span>;
  return (
    <Button look="quiet" size="small" onClick={() => setState('on')}>
      {words.show}
    </Button>
  );
}

function Far({ here, order }: { here: Place; order: Order }) {
  const place = placeOf(order);
  if (!place) return null;
  return (
    <bdi>
      {distanceText(distanceKm(here, place), pageFormats().locale, navigator.language)}
      <span className="visually-hidden"> {proofWords().distance.straight}</span>
    </bdi>
  );
}
