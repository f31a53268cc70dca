import type { Words } from '../en/log-filter.ts';
import { isolated } from '../formats.ts';

export const messages = (): Words => ({
  matches: 'النتائج المطابقة',
  only: 'إظهار المطابق فقط',
  highlight: 'تمييز المطابق',
  previous: 'المطابق السابق',
  next: 'المطابق التالي',
  goTo: 'انتقل إلى',
  placeExample: `${isolated('Mon 14:00')}، ${isolated('#1284')}، طلب`,
  go: 'انتقال',
  range: 'المدة الزمنية',
  from: 'من',
  to: 'إلى',
  showTime: 'عرض هذه المدة',
  csv: 'تنزيل CSV',
  jsonLines: 'تنزيل أسطر JSON',
  preparing: 'جارٍ تحضير الملف…',
  noLaterMatch: 'لا يوجد مطابق لاحق.',
  noEarlierMatch: 'لا يوجد مطابق سابق.',
  noOrder: (order) => `لا يوجد طلب ${isolated(order)}.`,
});
