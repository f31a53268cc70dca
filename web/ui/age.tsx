import { useTime } from '../app/hooks.ts';
import { hubClock } from '../app/hub-clock.ts';
import { dateFormat, span } from '../app/numbers.ts';

const dayAndTime = dateFormat({ dateStyle: 'medium', timeStyle: 'medium' });
const timeOnly = dateFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const hourAndMinute = dateFormat({ hour: '2-digit', minute: '2-digit' });
const dayAndHour = dateFormat({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });

/** How long ago something was, ticking: `12 s`. */
export function Age({ since }: { since: string }) {
  const at = Date.parse(since);
  // Drawn anew when it reads differently, not with every second.
  const text = useTime((now) => span(now - at));
  return (
    <time dateTime={since} title={dayAndTime().format(at)}>
      {text}
    </time>
  );
}

/** When something was, by this device's clock: `14:03:11`. */
export function TimeOfDay({ at }: { at: string }) {
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={dayAndTime().format(moment)}>
      {timeOnly().format(moment)}
    </time>
  );
}

/** When something was or will be: `14:03`, and the day where that is another one than today. */
export function Moment({ at }: { at: string }) {
  const moment = Date.parse(at);
  const isToday = new Date(moment).toDateString() === new Date(hubClock.now()).toDateString();
  return (
    <time dateTime={at} title={dayAndTime().format(moment)}>
      {(isToday ? hourAndMinute() : dayAndHour()).format(moment)}
    </time>
  );
}
