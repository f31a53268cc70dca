import type { Words } from '../en/not-found.ts';

export const messages = (): Words => ({
  title: 'لا توجد صفحة في هذا العنوان.',
  hint: 'ربما قُطع الرابط أو زاد فيه حرف.',
  toStart: 'إلى صفحة البداية',
});
