import type { Words } from '../en/log.ts';
import { type Formats, isolated, phrase } from '../formats.ts';
import { life } from './life-dispatch.ts';

export const messages = (f: Formats): Words => ({
  life,
  detail: {
    takesBack: (rev) => `تراجع عن الخطوة رقم ${rev}`,
    to: (driver) => `إلى ${isolated(driver)}`,
    receivedBy: (name) => `المستلم ${isolated(name)}`,
    seen: (rev) => `رقم ${rev}`,
    urgent: 'عاجل',
    removed: (field) => `بلا ${isolated(field)}`,
    // Each line runs by itself.
    text: (text) => text.split('\n').map(isolated).join('\n'),
  },
  listed: (facts) => facts.join('، '),
  asSentence: (text) => `${text}.`,
  row: {
    open: (event, order) => `${event}، تفاصيل ${isolated(order)}`,
    comma: '، ',
    missing: (seq) => `#${f.count(seq)} …`,
    damaged: (seq) => `#${f.count(seq)} أتلف قرص المركز هذا الحدث، ولا يمكن لأحد قراءته.`,
  },
  roles: {
    admin: 'قسم التوزيع',
    vendor: 'متجر',
    driver: 'سائق',
    customer: 'عميل',
    plain: 'عميل برمجي بسيط',
  },

  help: 'المفاتيح والبحث',
  accessKeys: 'مفاتيح الدخول',
  replaced: 'لدى المركز الآن سجل آخر، كنسخة احتياطية مستعادة مثلًا. أُزيل ما كان معروضًا هنا.',
  understood: 'فهمت',

  counts: {
    ofEvents: (n, total) =>
      f.plural(total, {
        zero: `${f.count(n)} من أصل # حدث`,
        one: `${f.count(n)} من أصل حدث واحد`,
        two: `${f.count(n)} من أصل حدثين`,
        few: `${f.count(n)} من أصل # أحداث`,
        many: `${f.count(n)} من أصل # حدثًا`,
        other: `${f.count(n)} من أصل # حدث`,
      }),
    searching: (total) =>
      f.plural(total, {
        zero: 'جارٍ البحث…',
        one: 'جارٍ البحث في حدث واحد…',
        two: 'جارٍ البحث في حدثين…',
        few: 'جارٍ البحث في # أحداث…',
        many: 'جارٍ البحث في # حدثًا…',
        other: 'جارٍ البحث في # حدث…',
      }),
    match: (n, total) => `المطابق: ${f.count(n)} من ${f.count(total)}`,
    soFar: (n, total) => `المطابق حتى الآن: ${f.count(n)} من ${f.count(total)}`,
  },
  range: {
    since: (moment) => `منذ ${isolated(moment)}`,
    until: (moment) => `حتى ${isolated(moment)}`,
  },

  search: {
    label: 'البحث في الأحداث',
    example: `كلمات، ${isolated('store:red')}، ${isolated('driver:ana')}، ${isolated('-event:note')}`,
    pause: 'إيقاف مؤقت',
    resume: 'استئناف',
    space: 'المسافة',
    filters: 'التصفية',
    clear: 'مسح التصفية',
    chips: 'عوامل التصفية المفعّلة والمتاحة',
    only: (event) => `«${event}» فقط؛ ومع Alt كل شيء عدا «${event}»`,
    not: 'عدا',
    remove: (term) => `إزالة ${isolated(term)}`,
  },

  list: {
    label: 'الأحداث',
    olderFailed: 'تعذّر تحميل الأحداث الأقدم. حاول من جديد',
    newerFailed: 'تعذّر تحميل الأحداث الأحدث. حاول من جديد',
    rangeBegins: 'هنا تبدأ المدة المختارة',
    logBegins: 'هنا يبدأ السجل',
    nothingOlder: 'لا يوجد مطابق أقدم',
    ofParcels: 'الطلبات هي التي تكون مفتوحة أو متأخرة، لا الأحداث.',
    ofParcelsHint: <T>(board: T) => phrase`انظر في صفحة ${board}: فيها الطلبات التي هي كذلك الآن.`,
    loadingOlder: 'جارٍ تحميل الأحداث الأقدم…',
    loadingNewer: 'جارٍ تحميل الأحداث الأحدث…',
    loading: 'جارٍ تحميل الأحداث…',
    searching: 'جارٍ البحث…',
    nothingYet: 'لم يحدث شيء بعد.',
    nothingYetHint: (store, driver) => phrase`افتح ${store} و${driver}: سيظهر هنا كل حدث لحظة وقوعه.`,
    aStore: 'متجرًا',
    aDriver: 'سائقًا',
    nothingInTime: 'لم يحدث شيء في هذه المدة.',
    fresh: (n) =>
      f.plural(n, {
        zero: 'لم يصل شيء منذ الإيقاف.',
        one: 'وصل حدث واحد منذ الإيقاف.',
        two: 'وصل حدثان منذ الإيقاف.',
        few: 'وصلت # أحداث منذ الإيقاف.',
        many: 'وصل # حدثًا منذ الإيقاف.',
        other: 'وصل # حدث منذ الإيقاف.',
      }),
  },

  strip: {
    following: 'متابعة مباشرة',
    waiting: 'في انتظار المركز',
    paused: 'موقوف مؤقتًا',
    pausedAt: (time) => `أُوقف عند ${isolated(time)}`,
    inContext: 'عرض في السياق',
    fresh: (n) => `الجديد: ${f.count(n)} ↓`,
    newest: 'الأحدث ↓',
  },
  announced: { paused: 'أُوقف مؤقتًا.', following: 'عادت المتابعة المباشرة.' },

  chart: {
    rate: (now, peak) => `الآن ${now}، الذروة ${peak}`,
    label: (seconds, rate, totals) =>
      f.plural(seconds, {
        zero: `الأحداث في الثانية: ${rate}. المجموع: ${totals}. اسحب لاختيار مدة؛ أو من لوحة المفاتيح ضمن التصفية.`,
        one: `الأحداث في الثانية خلال آخر ثانية: ${rate}. المجموع: ${totals}. اسحب لاختيار مدة؛ أو من لوحة المفاتيح ضمن التصفية.`,
        two: `الأحداث في الثانية خلال آخر ثانيتين: ${rate}. المجموع: ${totals}. اسحب لاختيار مدة؛ أو من لوحة المفاتيح ضمن التصفية.`,
        few: `الأحداث في الثانية خلال آخر # ثوانٍ: ${rate}. المجموع: ${totals}. اسحب لاختيار مدة؛ أو من لوحة المفاتيح ضمن التصفية.`,
        many: `الأحداث في الثانية خلال آخر # ثانية: ${rate}. المجموع: ${totals}. اسحب لاختيار مدة؛ أو من لوحة المفاتيح ضمن التصفية.`,
        other: `الأحداث في الثانية خلال آخر # ثانية: ${rate}. المجموع: ${totals}. اسحب لاختيار مدة؛ أو من لوحة المفاتيح ضمن التصفية.`,
      }),
    total: (kind, n) => `${kind} ${f.count(n)}`,
    kinds: {
      ready: 'جاهز',
      claimed: 'محجوز',
      'in-transit': 'في الطريق',
      delivered: 'تم التسليم',
      failed: 'تعذّر التسليم',
      other: 'غير ذلك',
    },
    held: 'ثابت أثناء الإيقاف المؤقت',
    lost: 'لا اتصال',
    noEvent: 'لا أحداث بعد',
    lastNow: 'آخر حدث الآن',
    last: (span) => `آخر حدث قبل ${span}`,
  },

  found: {
    noLaterFailure: 'لا توجد محاولة فاشلة لاحقة.',
    noEarlierFailure: 'لا توجد محاولة فاشلة سابقة.',
    noLaterOfParcel: 'لا يوجد حدث لاحق لهذا الطرد.',
    noEarlierOfParcel: 'لا يوجد حدث سابق لهذا الطرد.',
    selectFirst: 'اختر حدثًا أولًا، بالمفتاح j أو k.',
    wentWrong: 'حدث خطأ ما.',
  },
  copy: {
    json: 'نسخ JSON',
    done: 'تم النسخ',
    byHand: (what) => `${what}: اضغط Ctrl+C. عبر HTTPS تكفي نقرة واحدة.`,
  },

  parcel: {
    label: 'تفاصيل الطرد',
    customer: 'العميل',
    address: 'العنوان',
    store: 'المتجر',
    driver: 'السائق',
    order: 'الطلب',
    attempts: 'المحاولات الفاشلة',
    due: 'الموعد',
    phone: 'الهاتف',
    note: 'ملاحظة',
    only: 'إظهار هذه فقط',
    allBut: 'إظهار كل شيء عدا هذه',
    exclude: 'استبعاد',
    excludeWhat: (value) => `استبعاد ${isolated(value)}`,
    life: 'مسار الطرد',
    urgent: (by) => `ملاحظة عاجلة من ${isolated(by)}`,
    seen: 'تمت القراءة',
    seenDone: 'سُجِّلت القراءة.',
    unseen: (driver) => `لم يؤكد ${isolated(driver)} تعديل الطلب بعد.`,
    doneAt: (moment) => `حدث عند ${isolated(moment)} وأُرسل لاحقًا`,
  },
  outcome: {
    sending: 'جارٍ الإرسال…',
    undo: 'تراجع',
    retry: 'إعادة المحاولة',
    takenBack: 'تم التراجع.',
  },

  urgent: {
    note: (by, order, text) => `ملاحظة عاجلة من ${isolated(by)} عن ${isolated(order)}: ${isolated(text)}`,
    open: 'فتح الطرد',
    more: (n) =>
      f.plural(n, {
        zero: '(ولا غيرها)',
        one: '(وواحدة أخرى)',
        two: '(واثنتان أخريان)',
        few: '(و# أخرى)',
        many: '(و# أخرى)',
        other: '(و# أخرى)',
      }),
  },

  side: {
    connected: 'المتصلون',
    asOfLoss: 'كما كان عند انقطاع الاتصال.',
    more: (n) =>
      f.plural(n, {
        zero: 'ولا أحد غيرهم',
        one: 'وواحد آخر',
        two: 'واثنان آخران',
        few: 'و# آخرون',
        many: 'و# آخرون',
        other: 'و# آخرون',
      }),
    duty: { on: 'في الخدمة', off: 'خارج الخدمة' },
    lagging: 'متأخر',
    device: 'مركبة',
    deviceIs: { RUNNING: 'تسير', RESTING: 'متوقفة' },
    deviceFacts: (status, percent, position) => phrase`${status} · ${percent}٪ · ${position}`,
    facts: (door, since, seen) => phrase`${door} · منذ ${since} · آخر ظهور: ${seen}`,
    notices: 'التنبيهات',
    clear: 'مسح',
    clearNotices: 'مسح التنبيهات',
    noNotices: 'لا مدخلات مرفوضة ولا أعطال.',
    kinds: {
      refused: 'مرفوض',
      fault: 'عطل',
      hub: 'المركز',
      relayed: 'مُمرَّر',
    },
  },
});
