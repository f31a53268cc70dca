import { useStore, useTime } from '../app/hooks.ts';
import { hubClock } from '../app/hub-clock.ts';
import { dateFormat, span } from '../app/numbers.ts';
import { pageZone } from '../app/page-zone.ts';

const dayAndTime = dateFormat({ dateStyle: 'medium', timeStyle: 'medium' });
const timeOnly = dateFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const hourAndMinute = dateFormat({ hour: '2-digit', minute: '2-digit' });
const dayAndHour = dateFormat({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const dayOnly = dateFormat({ dateStyle: 'short' });

/** How long ago something was, ticking: `12 s`. */
export function Age({ since }: { since: string }) {
  const at = Date.parse(since);
  // Renders only when the text changes, not every second.
  const text = useTime((now) => span(now - at));
  return <Time at={since} text={() => text} />;
}

/** A time in the page's zone: `14:03:11`. */
export function TimeOfDay({ at }: { at: string }) {
  return <Time at={at} text={(moment) => timeOnly().format(moment)} />;
}

/** A time: `14:03`, with the day unless that is today. */
export function Moment({ at }: { at: string }) {
  return <Time at={at} text={momentText} />;
}

function momentText(moment: number): string {
  const day = dayOnly();
  const isToday = day.format(moment) === day.format(hubClock.now());
  return (isToday ? hourAndMinute() : dayAndHour()).format(moment);
}

/** The whole time stands in its title, with the zone where that is not this device's. */
function Time({ at, text }: { at: string; text: (moment: number) => string }) {
  const zone = useStore(pageZone);
  const moment = Date.parse(at);
  const whole = dayAndTime().format(moment);
  return (
    <time dateTime={at} title={zone === undefined ? whole : `${whole} (${zone})`}>
      {text(moment)}
    </time>
  );
}
