import type { Words } from '../en/proofs.ts';
import { type Formats, phrase } from '../formats.ts';

export const messages = (f: Formats): Words => ({
  title: 'الإثبات',
  photo: 'صورة',
  signature: 'توقيع',
  step: {
    'in-transit': 'الاستلام من المتجر',
    delivered: 'التسليم',
    'attempt-failed': 'المحاولة',
    returned: 'الإرجاع',
  },
  enlarge: (what) => `${what}: عرض بحجم كبير`,
  coming: { photo: 'الصورة لم تصل بعد', signature: 'التوقيع لم يصل بعد' },
  loading: 'جارٍ التحميل…',
  notLoaded: 'لم يُحمَّل',
  again: 'حاول مرة أخرى',
  scanned: (code) => phrase`الرمز الممسوح: ${code}`,
  pinRight: 'كان رقم التأكيد صحيحًا.',
  pinsWrong: (n) =>
    f.plural(n, {
      zero: 'لا أرقام تأكيد خاطئة.',
      one: 'كان رقم تأكيد واحد خاطئًا.',
      two: 'كان رقما تأكيد خاطئين.',
      few: 'كانت # أرقام تأكيد خاطئة.',
      many: 'كان # رقم تأكيد خاطئًا.',
      other: 'كان # رقم تأكيد خاطئًا.',
    }),
  receivedBy: (who) => phrase`استلمه ${who}`,
  without: {
    photo: 'سُلّم بدون الصورة المطلوبة.',
    signature: 'سُلّم بدون التوقيع المطلوب.',
    pin: 'سُلّم بدون رقم التأكيد المطلوب.',
    scan: 'سُلّم بدون مسح الرمز المطلوب.',
    receivedBy: 'سُلّم بدون اسم من استلمه.',
  },
});
