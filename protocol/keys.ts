/** Access keys and tracking tokens as people hand them on. */

/** More than any link with a key in it. */
const lengthMax = 2_000;
/** What editors and phones make of what was typed. */
const hyphens = /[\u2010-\u2013\u2212\ufe63\uff0d]/g;
/** Blanks, line breaks, signs without width, quotes of print: none of it can be in a key. */
const foreign = /[^\x21-\x7e]+/g;
/** As the hub issues them. They have one length, so that nothing behind one is taken for a part of it. */
const issued = /(?:^|[^A-Za-z0-9])((?:ven|drv|adm|trk)_[\w-]{32})(?![A-Za-z0-9])/;
const inLink = /^[^#?]*[#?](?:[^&]*&)*?key=([^&#]*)/;

/**
 * The key in what was pasted or sent: without what a mail, a chat or an editor put into it and around it, and out of a
 * whole link (`http://host/vendor#key=ven_…`). Whether it opens anything only the hub knows. Undefined where nothing is
 * left.
 */
export function keyIn(text: string): string | undefined {
  const whole = cleaned(text.slice(0, lengthMax));
  const linked = linkedKeyIn(whole);
  const clean = linked === undefined ? whole : cleaned(linked);
  const found = issued.exec(clean)?.[1] ?? clean;
  return found === '' ? undefined : found;
}

function cleaned(text: string): string {
  return text
    .replace(hyphens, '-')
    .replaceAll('\u2014', '--')
    .replaceAll('\u2026', '...')
    .replace(foreign, '');
}

/** A key of the settings can be any text, and stands in a link encoded. */
function linkedKeyIn(text: string): string | undefined {
  const said = /^(?:https?:\/\/|\/|#)/i.test(text) ? inLink.exec(text)?.[1] : undefined;
  if (said === undefined) return undefined;
  try {
    return decodeURIComponent(said);
  } catch {
    // A URIError: it stands for itself.
    return said;
  }
}
