import type { Words } from '../en/shop-dialogs.ts';
import { type Formats, isolated, phrase } from '../formats.ts';
import { life } from './life-shop.ts';

export const messages = (f: Formats): Words => ({
  life,
  dispatch: { by: 'قسم التوزيع', does: 'قسم التوزيع' },
  receivedBy: (who) => `استلمه ${isolated(who)}.`,

  more: {
    day: 'طلبات يوم واحد',
    labelsOf: (n) =>
      f.plural(n, {
        zero: 'لا ملصقات',
        one: 'ملصق لطلب واحد',
        two: 'ملصقات لطلبين',
        few: 'ملصقات لـ # طلبات',
        many: 'ملصقات لـ # طلبًا',
        other: 'ملصقات لـ # طلب',
      }),
    repeats: 'الطلبات المتكررة',
    exportCsv: 'تصدير CSV',
    exporting: 'جارٍ التحضير…',
  },

  order: {
    unknown: 'لا يوجد طلب كهذا في هذا المتجر.',
    label: 'طباعة الملصق',
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

  amend: {
    copy: 'نسخه إلى طلب جديد',
    byDispatch: (who) =>
      phrase`استلمه ${who}. ما زال بإمكان قسم التوزيع تعديل هذا الطلب؛ والملاحظة أدناه تصل إليهما معًا.`,
  },
  changes: {
    field: {
      customer: 'العميل',
      address: 'العنوان',
      notBefore: 'ليس قبل',
      dueAt: 'الموعد',
      phone: 'الهاتف',
      email: 'البريد الإلكتروني',
      note: 'الملاحظة',
    },
    replaced: (field, was, is) => phrase`${field}: ${was} ← ${is}`,
    added: (field, is) => phrase`${field}، جديد: ${is}`,
    removed: (field, was) => phrase`${field}، محذوف: ${was}`,
  },

  tracking: {
    title: (id) => phrase`رابط تتبّع الطلب ${id}`,
    asking: 'جارٍ طلب الرابط من المركز…',
    forCustomer: 'للعميل: يرى فيه مكان طلبه مباشرةً، ولا شيء غير ذلك.',
    code: 'رمز QR يفتح صفحة التتبّع',
  },

  left: {
    label: 'طلبات تجريبية',
    open: (n) =>
      f.plural(n, {
        zero: 'لا طلبات تجريبية مفتوحة.',
        one: 'ما زال طلب تجريبي واحد مفتوحًا.',
        two: 'ما زال طلبان تجريبيان مفتوحين.',
        few: 'ما زالت # طلبات تجريبية مفتوحة.',
        many: 'ما زال # طلبًا تجريبيًا مفتوحًا.',
        other: 'ما زال # طلب تجريبي مفتوحًا.',
      }),
    cancel: 'إلغاؤها',
    leave: 'تركها',
    cancelled: (n) =>
      f.plural(n, {
        zero: 'لم يُلغَ أي طلب تجريبي.',
        one: 'أُلغي طلب تجريبي واحد.',
        two: 'أُلغي طلبان تجريبيان.',
        few: 'أُلغيت # طلبات تجريبية.',
        many: 'أُلغي # طلبًا تجريبيًا.',
        other: 'أُلغي # طلب تجريبي.',
      }),
    undo: 'تراجع',
  },

  details: {
    title: 'بيانات المتجر',
    optional: 'لك أن تترك أيًا منها فارغًا.',
    seen: { title: 'لعملائك', hint: 'يرون هذا في صفحات التتبّع.' },
    times: {
      title: 'أوقات طلباتك',
      hint: 'التوقيت الذي تُكتب به الأوقات وتُقرأ، ومتى يظهر للسائقين طلبٌ موعده لاحق.',
    },
    field: {
      name: 'اسم المتجر',
      phone: 'الهاتف',
      email: 'البريد الإلكتروني',
      address: 'العنوان',
      hours: 'أوقات العمل',
      told: 'ما يُقال للعملاء',
      timeZone: 'المنطقة الزمنية للمتجر',
      leadMinutes: 'عدد الدقائق قبل «ليس قبل» التي يرى السائقون الطلب ابتداءً منها',
    },
    hours: 'الاثنين–السبت 9–18',
    told: 'نقرع الجرس مرتين.',
    save: 'حفظ',
    saving: 'جارٍ الحفظ…',
    samples: 'عندها تصل طلبات تجريبية من تلقاء نفسها بين طلباتك.',
    badPhone: 'اكتب رقم هاتف: أرقام ومسافات وعلامة + قبل رمز الدولة.',
    badZone: `اكتب منطقة زمنية، مثل ${isolated('Europe/Berlin')}.`,
    badLead: 'اكتب دقائق كاملة، أسبوعًا واحدًا على الأكثر (10080).',
    badEmail: `اكتب عنوان بريد إلكتروني، مثل ${isolated('zoe@flowers.example')}.`,
    proof: {
      title: 'إثبات التسليم',
      hint: 'ما يُطلب من السائقين عند الباب.',
      more: 'وعند الاستلام من المتجر وعند الإرجاع أيضًا',
      step: { collection: 'عند الاستلام من المتجر', return: 'عند الإرجاع' },
      kind: {
        photo: 'صورة',
        receivedBy: 'من استلمه',
        signature: 'توقيع',
        pin: 'رقم التأكيد لدى العميل',
        scan: 'رمز ممسوح',
      },
      wish: { off: 'بدون', offered: 'اختياري', warned: 'مع تنبيه', required: 'مطلوب' },
      effect: {
        off: 'لا يُطلب من أحد.',
        offered: 'يمكن للسائق إضافته.',
        warned: 'يُسأل السائق مرة أخرى إن كان ناقصًا.',
        required: 'لا يمكن للسائق إنهاء الخطوة بدونه.',
      },
      pin: 'يجد عميلك الرقم في صفحته.',
    },
  },
});
