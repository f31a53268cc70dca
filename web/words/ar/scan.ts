import type { Words } from '../en/scan.ts';
import { isolated } from '../formats.ts';

export const messages = (): Words => ({
  opening: 'جارٍ فتح الطرد…',
  ask: 'افتح الطرد بصفة',
  askHint: 'لهذا المتصفح أكثر من دور.',
  as: {
    driver: (name) => `السائق ${isolated(name)}`,
    vendor: (name) => `المتجر ${isolated(name)}`,
    admin: 'قسم التوزيع',
  },
  stranger: 'هذا رمز طرد.',
  strangerHint: 'يفتح الطرد لسائقه ومتجره وقسم التوزيع. من أنت؟',
  keyedHint: 'يفتح الطرد لسائقه ومتجره وقسم التوزيع، وهم يدخلون بمفاتيحهم.',
  role: { driver: 'أنا أوصل الطرود', vendor: 'أنا المتجر', admin: 'أنا قسم التوزيع' },
  signIn: {
    driver: 'الدخول بصفة سائق',
    vendor: 'الدخول بصفة المتجر',
    admin: 'الدخول بصفة قسم التوزيع',
  },
  customer: 'تنتظر طردًا؟ في رسالة المتجر رابط صفحتك.',
  noParcel: 'هذا الرمز لا يسمّي طردًا.',
  noParcelHint: 'امسح الرمز الذي على ملصق الطرد.',
});
