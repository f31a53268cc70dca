/** A scanner of the XML in workbooks: their tags, one by one, without a tree. */

export interface XmlTag {
  /** Without its namespace. */
  readonly name: string;
  readonly isEnd: boolean;
  /** `<c/>` */
  readonly isEmpty: boolean;
  readonly attributes: string;
  /** The text since the tag before, as it is written. */
  readonly before: string;
}

/** Calls back for each tag. What a file does not close ends with it. */
export function scanXml(xml: string, onTag: (tag: XmlTag) => void): void {
  let from = 0;
  let before = '';
  for (let open = xml.indexOf('<'); open >= 0; open = xml.indexOf('<', from)) {
    before += xml.slice(from, open);
    const hidden = xml.startsWith('<!--', open)
      ? '-->'
      : xml.startsWith('<![CDATA[', open)
        ? ']]>'
        : undefined;
    const close = xml.indexOf(hidden ?? '>', open);
    if (close < 0) return;
    from = close + (hidden?.length ?? 1);
    if (hidden === ']]>') before += xml.slice(open + 9, close).replaceAll('&', '&amp;');
    if (hidden !== undefined) continue;
    const isEnd = xml[open + 1] === '/';
    const isEmpty = xml[close - 1] === '/';
    const inner = xml.slice(open + (isEnd ? 2 : 1), isEmpty ? close - 1 : close);
    const space = inner.search(/\s/);
    const whole = space < 0 ? inner : inner.slice(0, space);
    const attributes = space < 0 ? '' : inner.slice(space);
    onTag({ name: whole.slice(whole.indexOf(':') + 1), isEnd, isEmpty, attributes, before });
    before = '';
  }
}

export function attributesOf(text: string): Readonly<Record<string, string | undefined>> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', first, second] of text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (name !== '__proto__') attributes[name] = decoded(first ?? second ?? '');
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text that is written with entities, and Excel’s `_x000D_` for what XML cannot have. */
export function decoded(text: string): string {
  const plain = text.includes('&')
    ? text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
        if (name !== undefined) return entities[name] ?? whole;
        const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
    : text;
  return plain.includes('_x')
    ? plain.replace(/_x([\dA-F]{4})_/g, (_whole, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : plain;
}
