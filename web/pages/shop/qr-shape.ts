import { create } from 'qrcode';

export interface QrShape {
  /** Modules on a side, with the quiet zone. */
  readonly side: number;
  /** The dark modules, as lines of an SVG path with a stroke of 1. */
  readonly path: string;
}

/** The white border that readers need. */
const quiet = 2;

/** Draws a code in the page: two hundred labels need no two hundred requests. */
export function qrShape(text: string): QrShape {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const lines: string[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const start = column;
      while (column < size && modules.get(row, column)) column += 1;
      if (column > start) lines.push(`M${start + quiet} ${row + quiet}.5h${column - start}`);
    }
  }
  return { side: size + 2 * quiet, path: lines.join('') };
}
