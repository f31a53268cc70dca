/**
 * The oldest browsers that the pages are built for, and how style sheets are rewritten for them. Scripts are rewritten
 * by Vite and get what is missing from web/app/polyfills.ts; light-dark() is rewritten by Lightning CSS.
 */

import cascadeLayers from '@csstools/postcss-cascade-layers';
import { AtRule, type ChildNode, type Plugin, type Rule } from 'postcss';

/** As README.md names them. */
export const oldestForStyles = ['chrome100', 'firefox102', 'ios15', 'safari15'];
/**
 * Safari 15 knows the fields of classes, which it would otherwise be spared: slow and long for everyone. All else is
 * the same in both; e2e/old-browsers.spec.ts looks at what is built.
 */
export const oldestForScripts = ['chrome100', 'firefox102', 'ios16', 'safari16'];

/** As in styles.css. Sheets are rewritten one by one, so that each has to know it. */
const layers = 'tokens, base, layout, components, pages, utilities';
const knowsMix = '(color: color-mix(in srgb, red, red))';
const knowsContainers = '(container-type: inline-size)';

/** Layers become numbers of `:not(#\\#)`. A sheet with an id of its own would be counted in another way. */
const layerOrder: Plugin = {
  postcssPlugin: 'layer-order',
  Once(sheet) {
    sheet.walkRules((rule) => {
      if (/#[a-z]/i.test(rule.selector)) throw rule.error('Style by a class: ids upset the order of layers.');
    });
    sheet.prepend(new AtRule({ name: 'layer', params: layers }));
  },
};

/** Where no width of a container can be asked for, the window's has to do. */
const windowForContainer: Plugin = {
  postcssPlugin: 'window-for-container',
  OnceExit(sheet) {
    sheet.walkAtRules('container', (rule) => {
      const media = new AtRule({ name: 'media', params: /\(.*$/s.exec(rule.params)?.[0] ?? 'all' });
      media.append(...(rule.clone().nodes ?? []));
      media.walkDecls((declaration) => {
        declaration.value = declaration.value.replace(/(?<=\d)cqi\b/g, 'vw');
      });
      rule.after(supports(`not ${knowsContainers}`, media));
    });
  },
};

/** `62dvh` becomes as many of the unit that styles.css chooses. */
const heightOfWindow: Plugin = {
  postcssPlugin: 'height-of-window',
  OnceExit(sheet) {
    sheet.walkDecls(/^(?!--dvh$)/, (declaration) => {
      declaration.value = declaration.value.replace(/([\d.]+)dvh\b/g, 'calc($1 * var(--dvh))');
    });
  },
};

/**
 * A mixed colour of variables is known when it is drawn, too late to fall back to an earlier declaration. Without it a
 * ground is plain, and a line has the colour that would have been mixed.
 */
const plainForMixed: Plugin = {
  postcssPlugin: 'plain-for-mixed',
  OnceExit(sheet) {
    sheet.walkRules((rule) => {
      if (isIn('keyframes', rule) || isIn('supports', rule)) return;
      const mixed: ChildNode[] = [];
      rule.each((node) => {
        if (node.type !== 'decl' || !node.value.includes('color-mix(')) return;
        mixed.push(node.clone());
        const plain = node.prop.startsWith('background') ? 'var(--surface-2)' : '$1';
        node.value = node.value.replace(/color-mix\(in srgb, (var\([^)]*\)) [^,]*, [^)]*\)+/g, plain);
      });
      if (mixed.length > 0) rule.after(supports(knowsMix, rule.clone({ nodes: mixed })));
    });
  },
};

/** Text is cut by whatever cuts; where nothing can be scrolled, that is as good. */
const hiddenForClipped: Plugin = {
  postcssPlugin: 'hidden-for-clipped',
  OnceExit(sheet) {
    sheet.walkDecls('overflow', (declaration) => {
      const { value, parent: rule } = declaration;
      const cutsText = rule?.some((node) => node.type === 'decl' && node.prop === 'text-overflow');
      if (!cutsText || value !== 'clip' || rule?.type !== 'rule') return;
      const hidden = rule.clone({ nodes: [] });
      hidden.append(declaration.clone({ value: 'hidden' }));
      rule.after(supports('not (overflow: clip)', hidden));
    });
  },
};

/** Chromium has it under its old name alone, to this day. */
const oldNameForMatchParent: Plugin = {
  postcssPlugin: 'old-name-for-match-parent',
  OnceExit(sheet) {
    sheet.walkDecls('text-align', (declaration) => {
      if (declaration.value === 'match-parent') declaration.cloneBefore({ value: '-webkit-match-parent' });
    });
  },
};

/** To be run over every sheet, in this order. */
export const stylePlugins: readonly Plugin[] = [
  layerOrder,
  cascadeLayers() as Plugin,
  windowForContainer,
  heightOfWindow,
  plainForMixed,
  hiddenForClipped,
  oldNameForMatchParent,
];

function supports(params: string, ...nodes: (AtRule | Rule)[]): AtRule {
  const atRule = new AtRule({ name: 'supports', params });
  atRule.append(...nodes);
  return atRule;
}

function isIn(name: string, rule: Rule): boolean {
  return rule.parent?.type === 'atrule' && 'name' in rule.parent && rule.parent.name === name;
}
