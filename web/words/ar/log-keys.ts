import type { Words } from '../en/log-keys.ts';
import { isolated, phrase } from '../formats.ts';

export const messages = (): Words => ({
  issued: 'المفاتيح الصادرة',
  list: 'المفاتيح الصادرة',
  none: 'لا مفاتيح بعد.',
  noneHint: 'أصدر مفتاحًا لكل متجر ولكل سائق.',
  new: 'مفتاح جديد',
  for: 'لمن',
  whose: 'اسم صاحبه (اختياري)',
  issue: 'إصدار مفتاح',
  keyFor: (whose) => `مفتاح ${isolated(whose)}.`,
  once: 'يظهر الآن ولن يظهر مرة أخرى: سلّم الرابط أو الرمز.',
  code: 'رمز QR يسجّل دخول جهاز',
  done: 'تم',
  facts: (hint, since) => phrase`${hint} · منذ ${since}`,
  revoke: 'إبطال',
  revokeWhat: (whose, hint) => `إبطال مفتاح ${isolated(whose)}، ${isolated(hint)}`,
  revoked: 'أُبطل',
});
