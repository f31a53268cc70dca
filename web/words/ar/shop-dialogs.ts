import type { Words } from '../en/shop-dialogs.ts';
import { isolated, phrase } from '../formats.ts';
import { life } from './life-shop.ts';

export const messages = (): Words => ({
  life,
  dispatch: { by: 'قسم التوزيع', does: 'قسم التوزيع' },
  receivedBy: (who) => `استلمه ${isolated(who)}.`,

  order: {
    title: (id) => phrase`الطلب ${id}`,
    gone: 'لم يعد هذا الطلب في القائمة. ابحث عنه في السجل.',
    life: 'مسار الطلب',
    happened: 'ما حدث',
    asking: 'جارٍ سؤال المركز…',
    notes: 'الملاحظات',
    noNotes: 'لا ملاحظات بعد. يقرأ السائق وقسم التوزيع ما تكتبه.',
    newNote: 'ملاحظة جديدة',
    noNote: 'اكتب ما ينبغي أن يعرفه السائق.',
    send: 'إرسال',
    sending: 'جارٍ الإرسال…',
    retry: 'إعادة الإرسال',
  },

  tracking: {
    title: (id) => phrase`رابط تتبّع الطلب ${id}`,
    asking: 'جارٍ طلب الرابط من المركز…',
    forCustomer: 'للعميل: يرى فيه مكان طلبه مباشرةً، ولا شيء غير ذلك.',
    code: 'رمز QR يفتح صفحة التتبّع',
  },

  details: {
    title: 'بيانات المتجر',
    seen: 'يراها عملاؤك في صفحات التتبّع. لك أن تترك أيًا منها فارغًا.',
    field: {
      name: 'الاسم',
      phone: 'الهاتف',
      email: 'البريد الإلكتروني',
      address: 'العنوان',
      hours: 'أوقات العمل',
    },
    hours: 'الاثنين–السبت 9–18',
    save: 'حفظ',
    saving: 'جارٍ الحفظ…',
    badPhone: 'اكتب رقم هاتف: أرقام ومسافات وعلامة + قبل رمز الدولة.',
    badEmail: `اكتب عنوان بريد إلكتروني، مثل ${isolated('zoe@flowers.example')}.`,
  },
});
