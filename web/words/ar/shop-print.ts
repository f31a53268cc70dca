import type { Words } from '../en/shop-print.ts';
import { type Formats, isolated, phrase } from '../formats.ts';

export const messages = (f: Formats): Words => ({
  title: 'الطباعة',
  print: 'طباعة',
  back: 'العودة إلى الطلبات',
  what: 'ما يُطبع',
  labels: 'ملصقات، A6',
  list: 'قائمة واحدة، A4',
  lists: 'قائمة لكل سائق، A4',
  sheets: (n) =>
    f.plural(n, {
      zero: 'لا ملصقات',
      one: 'ملصق واحد',
      two: 'ملصقان',
      few: '# ملصقات',
      many: '# ملصقًا',
      other: '# ملصق',
    }),
  part: (from, to, total) => `من ${f.count(from)} إلى ${f.count(to)}، والمجموع ${f.count(total)}`,
  next: 'التالية',
  first: 'الأولى',
  paper: 'اختر في نافذة الطباعة ورق A6، وللقوائم A4، وبلا هوامش إن سأل المتصفح.',
  leaveOut: (id) => `طباعة ${isolated(id)}`,
  none: 'لم يُختر شيء',
  label: (id) => `ملصق ${isolated(id)}`,
  code: (id) => `رمز QR للطلب ${isolated(id)}`,
  from: (moment) => phrase`من ${moment}`,
  by: (moment) => phrase`حتى ${moment}`,
  between: (range) => phrase`${range}`,
  order: 'الطلب',
  to: 'إلى',
  time: 'الوقت',
  note: 'ملاحظة',
  received: 'الاستلام',
  noDriver: 'لا سائق بعد',
  count: (n) =>
    f.plural(n, {
      zero: 'لا طلبات',
      one: 'طلب واحد',
      two: 'طلبان',
      few: '# طلبات',
      many: '# طلبًا',
      other: '# طلب',
    }),
  noShop: 'تعذّرت قراءة بيانات المتجر، لذا تسمّيه الملصقات بمعرّفه.',
});
