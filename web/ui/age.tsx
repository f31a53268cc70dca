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
  // Renders only when the text changes, not every second.
  const text = useTime((now) => span(now - at));
  return (
    <time dateTime={since} title={dayAndTime().format(at)}>
      {text}
    </time>
  );
}

/** A time in this device's zone: `14:03:11`. */
export function TimeOfDay({ at }: { at: string }) {
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={dayAndTime().format(moment)}>
      {timeOnly().format(moment)}
    </time>
  );
}

/** A time: `14:03`, with the day unless that is today. */
export function Moment({ at }: { at: string }) {
  const moment = Date.parse(at);
  const isToday = new Date(moment).toDateString() === new Date(hubClock.now()).toDateString();
  return (
    <time dateTime={at} title={dayAndTime().format(moment)}>
      {(isToday ? hourAndMinute() : dayAndHour()).format(moment)}
    </time>
  );
}
