import type { Words } from '../en/shared.ts';
import { type ErrorTexts, translatedError } from '../errors.ts';
import { type Formats, isolated, phrase } from '../formats.ts';

/** Each begins with the preposition `لـ`. */
const errors: ErrorTexts = {
  'not-json': 'هذا ليس JSON.',
  'bad-message': 'في هذه الرسالة جزء ناقص أو خاطئ.',
  'unknown-event': 'لا يوجد حدث بهذا الاسم.',
  'unsupported-protocol': 'المركز لا يدعم هذا الإصدار من البروتوكول.',
  unauthorized: 'يتطلب هذا مفتاح دخول صالحًا.',
  'not-allowed': 'دورك لا يسمح بذلك.',
  'unknown-parcel': 'لا يوجد طرد كهذا.',
  'wrong-status': 'حالة الطرد لا تسمح بذلك.',
  taken: 'حجز سائق آخر هذا الطرد.',
  'stale-claim': 'لم يعد هذا الطرد معك.',
  conflict: 'سُجّل هنا شيء آخر من قبل.',
  'id-reused': 'رقم الأمر هذا مستخدم لأمر آخر.',
  'bad-cursor': 'هذا الموضع ليس من هذا السجل أو ليس لهذا القارئ.',
  'too-large': 'هذه الرسالة كبيرة جدًا.',
  'too-fast': 'رسائل كثيرة جدًا؛ انتظر لحظة.',
  busy: 'المركز مشغول الآن؛ حاول بعد لحظة.',
  unavailable: 'لا يستطيع المركز فعل ذلك الآن.',
  'cannot-record': 'لا يستطيع المركز تسجيل أي شيء الآن.',
  'database-away': 'قاعدة بيانات المركز لا تجيب. حاول بعد لحظة.',
  stopping: 'المركز يتوقف الآن وسيعود قريبًا.',
  internal: 'حدث خطأ في المركز.',
};

export const messages = (f: Formats): Words => ({
  pages: {
    home: 'CAPS',
    vendor: 'المتجر',
    driver: 'السائق',
    board: 'اللوحة',
    log: 'السجل',
    scan: 'ملصق طرد',
    'not-found': 'الصفحة غير موجودة',
  },
  titleOf: (page, name) => `${page} ${isolated(name)}`,

  shell: {
    skip: 'انتقل إلى المحتوى',
    brand: 'CAPS، صفحة البداية',
    nav: 'الصفحات',
    signOut: 'تسجيل الخروج',
    connectionLost: 'انقطع الاتصال بالمركز.',
    connectionBack: 'عاد الاتصال بالمركز.',
    signInMissing: 'تعذّر تحميل تسجيل الدخول. أعد تحميل الصفحة.',
    notStarted: 'تعذّر تحميل هذه الصفحة. أعد تحميلها للمحاولة من جديد.',
    tooOld:
      'هذا المتصفح أقدم من أن يعرض هذه الصفحة. يلزم iOS 15 أو Safari 15 أو Chrome 100 أو Firefox 102 أو أحدث.',
    stopped: (problem) =>
      `توقفت هذه الصفحة بسبب خطأ (${isolated(problem)}). أعد تحميلها للمتابعة: سيُرسل حينها ما حُفظ على هذا الجهاز.`,
    reload: 'إعادة التحميل',
    newVersion: 'إصدار جديد من هذه الصفحة.',
    refresh: 'تحديث',
    partMissing: 'تعذّر تحميل هذا',
    partMissingHint: 'حاول من جديد عندما يستجيب المركز، أو أعد تحميل الصفحة.',
  },

  theme: { label: 'المظهر', system: 'النظام', light: 'فاتح', dark: 'داكن' },
  language: { label: 'اللغة', system: 'النظام' },

  connection: {
    label: 'الاتصال',
    connecting: 'جارٍ الاتصال…',
    live: 'مباشر',
    roundTrip: (ms) => `${f.count(ms)} مللي ث`,
    reconnecting: 'جارٍ إعادة الاتصال…',
    reconnectingIn: (seconds) => `إعادة الاتصال خلال ${f.count(seconds)} ث`,
    tryNow: 'حاول الآن',
    offline: 'غير متصل',
    back: 'عاد الاتصال',
    caughtUp: (n) =>
      f.plural(n, {
        zero: 'عاد الاتصال، ولم يفُت أي حدث',
        one: 'عاد الاتصال، واستُدرك حدث واحد',
        two: 'عاد الاتصال، واستُدرك حدثان',
        few: 'عاد الاتصال، واستُدركت # أحداث',
        many: 'عاد الاتصال، واستُدرك # حدثًا',
        other: 'عاد الاتصال، واستُدرك # حدث',
      }),
    signedOut: 'لم تسجّل الدخول',
    refused: 'مرفوض',
    refusedWhy: (why) => `رفض المركز هذه الصفحة: ${why} أعد تحميلها للمحاولة من جديد.`,
    noNetwork: 'لا توجد شبكة على هذا الجهاز.',
    noAnswer: 'المركز لا يستجيب.',
    halted: 'لا يسجل الآن',
    outage: (isUp, since) =>
      phrase`لا يستطيع المركز ${isUp ? 'تسجيل أي شيء' : 'قراءة سجله'} منذ ${since}، وسيتابع من تلقاء نفسه.`,
    meanwhile: {
      vendor: 'ما تفعله يبقى في هذه الصفحة ويُرسل عندما ينتهي ذلك.',
      driver: 'ما تفعله يُرسل عندما ينتهي ذلك؛ أما الحجز فعليه الانتظار.',
      admin: 'ما يحدث في هذه الأثناء يظهر عندما ينتهي ذلك.',
      customer: 'ما يحدث في هذه الأثناء يظهر عندما ينتهي ذلك.',
    },
    waiting: (n) =>
      f.plural(n, {
        zero: 'لا شيء ينتظر.',
        one: 'خطوة واحدة تنتظر.',
        two: 'خطوتان تنتظران.',
        few: '# خطوات تنتظر.',
        many: '# خطوة تنتظر.',
        other: '# خطوة تنتظر.',
      }),
  },

  hub: {
    noAnswer: 'المركز لا يستجيب. حاول بعد لحظة.',
    status: (code) => `أجاب المركز بالرمز ${code}.`,
    unknownKey: 'المركز لا يعرف هذا المفتاح.',
    unknownAddress: 'المركز لا يعرف هذا العنوان',
    unknownAddressHint: 'هذا لمن يشغّل المركز. ستتابع الصفحة من تلقاء نفسها بعد إصلاحه.',
  },
  error: (code, said) => translatedError(errors, code, said),

  key: {
    notValid: 'هذا المفتاح غير صالح أو لم يعد صالحًا. اطلب من قسم التوزيع رابطًا جديدًا.',
  },

  name: {
    label: { store: 'اسم المتجر', driver: 'اسم السائق' },
    change: 'تغيير',
    changeWhat: { store: 'اسم المتجر', driver: 'اسم السائق' },
    save: 'حفظ',
    leave: 'إبقاؤه كما هو',
    enter: 'أدخل اسمًا.',
    badSigns: (problem) => `استخدم الحروف والأرقام والرموز فقط (${isolated(problem)}).`,
  },

  status: {
    ready: 'جاهز',
    claimed: 'محجوز',
    'in-transit': 'في الطريق',
    delivered: 'تم التسليم',
    failed: 'تعذّر التسليم',
    returning: 'قيد الإرجاع',
    returned: 'أُعيد',
    cancelled: 'ملغى',
  },

  due: {
    late: (span) => `متأخر ${span}`,
    toCome: (moment) => phrase`الموعد ${moment}`,
    past: (moment) => phrase`كان الموعد ${moment}`,
  },
  auto: {
    startsIn: (seconds) => `يبدأ خلال ${f.count(seconds)} ث`,
    notNow: 'ليس الآن',
    leaveOff: (what) => `، إبقاء ${what} متوقفًا`,
  },
  way: {
    label: 'كيفية استخدام هذه الصفحة',
    try: 'تجربة',
    real: 'عمل حقيقي',
    again: 'تجربة بالأمثلة',
  },
  copy: {
    link: 'نسخ الرابط',
    copied: 'تم النسخ.',
    refused: 'المتصفح لا يسمح بذلك؛ حدّد الرابط بدلًا من ذلك.',
    needsHttps: 'مع HTTPS يظهر هنا زر لنسخ الرابط.',
  },
  close: 'إغلاق',
  tryAgain: 'حاول من جديد',
  tooLong: (most) =>
    f.plural(most, {
      zero: 'لا يُسمح بأي حرف.',
      one: 'حرف واحد على الأكثر.',
      two: 'حرفان على الأكثر.',
      few: '# أحرف على الأكثر.',
      many: '# حرفًا على الأكثر.',
      other: '# حرف على الأكثر.',
    }),
  dispatch: 'قسم التوزيع',
  shop: 'المتجر',
  customer: 'العميل',
  hubName: 'المركز',

  span: {
    now: 'الآن',
    seconds: (n) => `${f.count(n)} ث`,
    minutes: (n) => `${f.count(n)} د`,
    hours: (n) => `${f.count(n)} س`,
    days: (n) => `${f.count(n)} ي`,
  },
  perSecond: (n) => `${n}/ث`,
  events: (n) =>
    f.plural(n, {
      zero: 'لا أحداث',
      one: 'حدث واحد',
      two: 'حدثان',
      few: '# أحداث',
      many: '# حدثًا',
      other: '# حدث',
    }),
});
