import type { Words } from '../en/driver.ts';
import { type Formats, isolated, phrase } from '../formats.ts';
import { life } from './life-driver.ts';

export const messages = (f: Formats): Words => ({
  ...life,

  ofOrder: (id) => `الطلب ${isolated(id)}`,
  undo: 'تراجع',
  ok: 'حسنًا',
  back: 'رجوع',
  scan: 'مسح',
  sending: 'جارٍ الإرسال…',
  waiting: 'بانتظار المركز…',
  way: 'هل تريد التجربة بسائق يوصّل من تلقاء نفسه أم العمل الحقيقي؟',
  autoDeliver: 'توصيل تلقائي',
  ring: 'رنين عند وصول عروض جديدة',

  duty: {
    on: 'في الخدمة',
    goOn: 'ابدأ الخدمة',
    off: 'أنت خارج الخدمة.',
    offHint: 'العروض تنتظر من هم في الخدمة.',
  },

  notBefore: (moment) => phrase`ليس قبل ${moment}`,

  saved: {
    list: 'محفوظ',
    saved: 'محفوظ، سيُرسل',
    memory: 'سيُرسل',
    notSaved: 'غير محفوظ، سيُرسل',
  },

  offers: {
    title: 'العروض',
    none: 'لا عروض.',
    willRing: 'أنت في الخدمة؛ سترنّ هذه الصفحة.',
    willCome: 'أنت في الخدمة؛ يظهر العرض الجديد هنا من تلقاء نفسه.',
    sooner: (n) =>
      f.plural(n, {
        zero: 'لا شيء موعده أقرب',
        one: 'عرض واحد موعده أقرب',
        two: 'عرضان موعدهما أقرب',
        few: '# عروض موعدها أقرب',
        many: '# عرضًا موعدها أقرب',
        other: '# عرض موعدها أقرب',
      }),
    more: (n) =>
      f.plural(n, {
        zero: 'لا شيء بعد هذه.',
        one: 'عرض آخر بعد هذه.',
        two: 'عرضان آخران بعد هذه.',
        few: '# عروض أخرى بعد هذه.',
        many: '# عرضًا آخر بعد هذه.',
        other: '# عرض آخر بعد هذه.',
      }),
    later: (n) =>
      f.plural(n, {
        zero: 'لا شيء لوقت لاحق',
        one: 'عرض واحد لوقت لاحق',
        two: 'عرضان لوقت لاحق',
        few: '# عروض لوقت لاحق',
        many: '# عرضًا لوقت لاحق',
        other: '# عرض لوقت لاحق',
      }),
    showMore: 'عرض المزيد',
    claim: 'احجز',
    needsNetwork: 'يتطلب شبكة',
    yours: 'لك',
    taken: 'محجوز',
    takenBy: (name) => `حجزه ${isolated(name)}.`,
    gone: 'لم يعد معروضًا.',
    goneOf: (id) => `الطلب ${isolated(id)} لم يعد معروضًا.`,
    nextBelow: 'العرض التالي أدناه.',
    count: (n) =>
      f.plural(n, {
        zero: 'لا عروض.',
        one: 'عرض واحد.',
        two: 'عرضان.',
        few: '# عروض.',
        many: '# عرضًا.',
        other: '# عرض.',
      }),
  },

  hand: {
    title: 'معي',
    none: 'لا شيء معك.',
    autoClaims: 'التوصيل التلقائي يحجز العرض التالي من تلقاء نفسه.',
    claimOne: 'احجز عرضًا فيظهر هنا.',
    backTo: (store) => phrase`إعادة إلى ${store}`,
    attempts: (n) =>
      f.plural(n, {
        zero: 'بلا محاولات فاشلة',
        one: 'محاولة فاشلة واحدة',
        two: 'محاولتان فاشلتان',
        few: '# محاولات فاشلة',
        many: '# محاولة فاشلة',
        other: '# محاولة فاشلة',
      }),
    deliversIn: (seconds) => `يُسلَّم تلقائيًا خلال ${f.count(seconds)} ث`,
    picksUpIn: (seconds) => `يُستلم تلقائيًا خلال ${f.count(seconds)} ث`,
    newsOf: (id, text) => `الطلب ${isolated(id)}. ${text}`,
  },
  stops: {
    doNext: 'نفّذه تاليًا',
    later: 'لاحقًا',
    collectAt: (shop) => phrase`الاستلام من ${shop}`,
    pickedUpAll: (n) => `تم استلام الكل (${f.count(n)})`,
    undoAll: (n) => `تراجع عن الكل (${f.count(n)})`,
    at: (shop) => `من ${isolated(shop)}`,
    need: { claimed: 'للاستلام', 'in-transit': 'للتسليم' },
  },

  news: {
    cancelled: 'ألغاه المتجر.',
    cancelledByDispatch: 'ألغاه قسم التوزيع.',
    ready: 'معروض من جديد.',
    returned: 'عاد إلى المتجر.',
    givenTo: (name) => `أسنده قسم التوزيع إلى ${isolated(name)}.`,
    gone: 'لم يعد معك.',
  },

  changed: {
    title: 'تغيّر الطلب',
    field: {
      customer: 'العميل',
      address: 'العنوان',
      phone: 'الهاتف',
      email: 'البريد الإلكتروني',
      note: 'ملاحظة',
      notBefore: 'ليس قبل',
      dueAt: 'الموعد',
    },
    said: (id, fields) => `تغيّر الطلب ${isolated(id)}: ${f.list(fields)}.`,
  },

  step: {
    pickedUp: 'تم الاستلام',
    release: 'تخلَّ عنه',
    delivered: 'تم التسليم',
    notDelivered: 'تعذّر التسليم',
    returnToShop: 'إعادة إلى المتجر',
    returned: 'تمت الإعادة',
    whyNot: 'لماذا تعذّر التسليم؟',
    whoHasIt: 'لدى من هو',
    receivedBy: 'اسم المستلم (اختياري)',
    receivedByWanted: 'اسم المستلم',
    nameMissing: 'أدخل اسمًا.',
  },
  done: {
    claimed: 'تم الحجز.',
    'in-transit': 'تم الاستلام.',
    delivered: 'تم التسليم.',
    released: 'تم التخلي عنه.',
    'attempt-failed': 'لم يُسلَّم.',
    retried: 'محاولة جديدة.',
    returning: 'في طريق العودة إلى المتجر.',
    returned: 'عاد إلى المتجر.',
  },
  doneWith: (done, said) => `${done} ${said}.`,
  receivedBy: (who, name) => `${who}، ${isolated(name)}`,

  proof: {
    kind: { photo: 'صورة', signature: 'توقيع', pin: 'رمز PIN', scan: 'مسح', receivedBy: 'اسم' },
    together: (kinds) => `مع ${f.list(kinds)}`,
    pinWasWrong: 'كان رمز PIN خاطئًا.',
    pinsUsedUp: 'خمسة رموز PIN كانت خاطئة. على قسم التوزيع أن ينظر في هذا الطرد.',
    notLoaded: 'الصور والتوقيعات تعود مع الشبكة.',
  },

  tools: {
    maps: 'الخريطة',
    call: 'اتصال',
  },
  notes: {
    title: 'ملاحظات',
    counted: (n) => `ملاحظات (${f.count(n)})`,
    forDispatch: 'لقسم التوزيع',
    seen: '✓ اطّلع عليها قسم التوزيع',
    unseen: 'لم يطّلع عليها قسم التوزيع بعد',
    you: 'أنت',
  },

  refused: {
    title: 'لم يُسجَّل',
    settled: (status) => `كان الأمر قد حُسم: ${status}.`,
    tooLate: 'فات الأوان على ذلك.',
    notYours: 'لم يعد الطرد معك.',
    said: 'شيء مما فعلته لم يُسجَّل.',
  },
});
