import { useEffect } from 'react';

export type Paper = 'A4' | 'A6';

/** The whole sheet is ours on a label; a list keeps off the edges, which few printers reach. */
const rules: Readonly<Record<Paper, string>> = {
  A4: '@page { size: 210mm 297mm; margin: 12mm }',
  A6: '@page { size: 105mm 148mm; margin: 0 }',
};

/**
 * Asks the browser to print on this paper as long as the component is there. A rule that is put into a sheet, because not
 * all of our browsers know pages with names.
 */
export function usePaper(paper: Paper): void {
  useEffect(() => {
    // Of our own origin, or its rules would be hidden from us.
    const sheet = Array.from(document.styleSheets).find(({ href, ownerNode }) => href !== null || ownerNode);
    if (!sheet) return;
    const place = sheet.insertRule(rules[paper], sheet.cssRules.length);
    const rule = sheet.cssRules[place];
    return () => {
      const now = rule ? Array.from(sheet.cssRules).indexOf(rule) : -1;
      if (now >= 0) sheet.deleteRule(now);
    };
  }, [paper]);
}
