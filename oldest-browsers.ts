/**
 * The oldest browsers that the pages support, and the transformations of style sheets for them. Vite transforms scripts,
 * web/app/polyfills.ts adds missing functions, and Lightning CSS transforms light-dark().
 */

import cascadeLayers from '@csstools/postcss-cascade-layers';
import { AtRule, type ChildNode, type Plugin, type Rule } from 'postcss';

/** The list in README.md. */
export const oldestForStyles = ['chrome100', 'firefox102', 'ios15', 'safari15'];
/**
 * Lists Safari 16 for 15, which has class fields too: transforming them is slow and long for everyone. All else is the same
 * for both; e2e/old-browsers.spec.ts checks the result.
 */
export const oldestForScripts = ['chrome100', 'firefox102', 'ios16', 'safari16'];

/** The order of layers in styles.css. Each sheet needs it, because they are transformed one by one. */
const layers = 'tokens, base, layout, components, pages, utilities';
const knowsMix = '(color: color-mix(in srgb, red, red))';
const knowsContainers = '(container-type: inline-size)';

/** Declares the layers, which a later plugin turns into `:not(#\\#)`. A selector with an id would upset these. */
const layerOrder: Plugin = {
  postcssPlugin: 'layer-order',
  Once(sheet) {
    sheet.walkRules((rule) => {
      if (/#[a-z]/i.test(rule.selector)) throw rule.error('Style by a class: ids upset the order of layers.');
    });
    sheet.prepend(new AtRule({ name: 'layer', params: layers }));
  },
};

/** Replaces container queries by media queries. */
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

/** Replaces `dvh` by the unit that styles.css chooses. */
const heightOfWindow: Plugin = {
  postcssPlugin: 'height-of-window',
  OnceExit(sheet) {
    sheet.walkDecls(/^(?!--dvh$)/, (declaration) => {
      declaration.value = declaration.value.replace(/([\d.]+)dvh\b/g, 'calc($1 * var(--dvh))');
    });
  },
};

/**
 * The browser computes a mixed colour of variables when it draws, too late to fall back to an earlier declaration. So
 * this replaces it: backgrounds become plain, and lines get the unmixed colour.
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

/** Falls back from `overflow: clip` to `hidden` where it cuts text: nothing scrolls there. */
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

/** Chromium still has only the prefixed name. */
const oldNameForMatchParent: Plugin = {
  postcssPlugin: 'old-name-for-match-parent',
  OnceExit(sheet) {
    sheet.walkDecls('text-align', (declaration) => {
      if (declaration.value === 'match-parent') declaration.cloneBefore({ value: '-webkit-match-parent' });
    });
  },
};

/** All transformations of a sheet, in order. */
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
