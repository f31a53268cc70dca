/** Finds access keys and tracking tokens in pasted text. */

/** No link with a key is longer. */
const lengthMax = 2_000;
/** Editors and phones replace a typed hyphen by these. */
const hyphens = /[\u2010-\u2013\u2212\ufe63\uff0d]/g;
/** No key contains spaces, line breaks, zero-width characters or typographic quotes. */
const foreign = /[^\x21-\x7e]+/g;
/** The form that the hub issues. The length is fixed, so a text that follows is not taken as part of the key. */
const issued = /(?:^|[^A-Za-z0-9])((?:ven|drv|adm|trk)_[\w-]{32})(?![A-Za-z0-9])/;
const inLink = /^[^#?]*[#?](?:[^&]*&)*?key=([^&#]*)/;

/**
 * Extracts the key from pasted text: undoes what mail, chat and editors add to it, and accepts a whole link
 * (`http://host/vendor#key=ven_…`). Does not check whether the key is valid.
 *
 * @returns undefined if nothing is left
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

/** `CAPS_ADMIN_KEY` can be any text, so a link has it percent-encoded. */
function linkedKeyIn(text: string): string | undefined {
  const encoded = /^(?:https?:\/\/|\/|#)/i.test(text) ? inLink.exec(text)?.[1] : undefined;
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    // A URIError: the key was not encoded.
    return encoded;
  }
}
