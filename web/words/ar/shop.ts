import type { Words } from '../en/shop.ts';
import { type Formats, isolated, phrase } from '../formats.ts';

const order = (id: string, customer: string) => `الطلب ${isolated(id)} للعميل ${isolated(customer)}`;

export const messages = (f: Formats): Words => ({
  way: 'هل تريد التجربة بطلبات تجريبية أم العمل الحقيقي؟',
  simulator: 'المحاكي',
  auto: 'الطلب التلقائي',
  every: {
    label: 'كل (ثانية)',
    number: 'أدخل عددًا من الثواني.',
    least: (seconds) => `أقل مدة ${f.tenths(seconds)} ثانية.`,
    most: 'أطول مدة يوم واحد.',
  },

  form: {
    title: 'طلب جديد',
    more: 'الموعد والهاتف والملاحظة',
    given: (n) => `أُدخل ${f.count(n)}`,
    send: 'إرسال الطلب',
    repeat: 'تكرار…',
    sample: 'التعبئة بمثال',
    sampleMissing: 'تعذّر تحميل المثال. حاول من جديد.',
    replaced: 'حلّت النسخة محلّ ما كتبته.',
    putBack: 'استرجاعه',
    pasted: 'صفوف ملصقة',
  },

  orders: 'الطلبات',
  newest: (n) =>
    f.plural(n, {
      zero: 'لا طلبات',
      one: 'أحدث طلب',
      two: 'أحدث طلبين',
      few: 'أحدث # طلبات',
      many: 'أحدث # طلبًا',
      other: 'أحدث # طلب',
    }),
  newOrders: (n) =>
    f.plural(n, {
      zero: 'لا طلبات جديدة',
      one: 'طلب جديد واحد',
      two: 'طلبان جديدان',
      few: '# طلبات جديدة',
      many: '# طلبًا جديدًا',
      other: '# طلب جديد',
    }),
  byStatus: 'الطلبات حسب الحالة',
  late: 'متأخر',
  search: { label: 'البحث في الطلبات', hint: 'الاسم أو العنوان' },
  importCsv: 'استيراد',
  importing: (done, total) => `جارٍ الاستيراد: ${f.count(done)} من ${f.count(total)}…`,
  importMissing: 'تعذّر تحميل الاستيراد. حاول من جديد عندما يستجيب المركز، أو أعد تحميل الصفحة.',
  more: 'المزيد',
  match: (n, total) => `المطابق: ${f.count(n)} من ${f.count(total)}.`,
  clear: 'مسح عوامل التصفية',
  urgent: 'بحاجة إلى متابعة',
  later: 'لوقت لاحق',
  forLater: (n) =>
    f.plural(n, {
      zero: 'لا طلبات لوقت لاحق',
      one: 'طلب واحد لوقت لاحق',
      two: 'طلبان لوقت لاحق',
      few: '# طلبات لوقت لاحق',
      many: '# طلبًا لوقت لاحق',
      other: '# طلب لوقت لاحق',
    }),
  rest: 'كل الطلبات الأخرى',

  list: {
    loading: 'جارٍ تحميل الطلبات…',
    loadingOlder: 'جارٍ تحميل الطلبات الأقدم…',
    stillComing: 'ما زالت الطلبات الأقدم قيد التحميل.',
    missing: 'تعذّر تحميل الطلبات السابقة.',
    keeps: (n) =>
      f.plural(n, {
        zero: 'لا تحتفظ هذه الصفحة بأي طلب؛ الطلبات كلها في السجل.',
        one: 'تحتفظ هذه الصفحة بأحدث طلب؛ أما الأقدم ففي السجل.',
        two: 'تحتفظ هذه الصفحة بأحدث طلبين؛ أما الأقدم ففي السجل.',
        few: 'تحتفظ هذه الصفحة بأحدث # طلبات؛ أما الأقدم ففي السجل.',
        many: 'تحتفظ هذه الصفحة بأحدث # طلبًا؛ أما الأقدم ففي السجل.',
        other: 'تحتفظ هذه الصفحة بأحدث # طلب؛ أما الأقدم ففي السجل.',
      }),
    empty: 'لا طلبات بعد.',
    emptyHint: 'أرسل طلبًا بالنموذج، أو استورد ملفًا.',
    emptyHintTrying: 'أرسل طلبًا بالنموذج، أو استورد ملفًا، أو دع الطلب التلقائي ينشئ بعض الطلبات.',
    samples: (n) =>
      f.plural(n, {
        zero: 'لا أمثلة للإرسال',
        one: 'إرسال مثال واحد',
        two: 'إرسال مثالين',
        few: 'إرسال # أمثلة',
        many: 'إرسال # مثالًا',
        other: 'إرسال # مثال',
      }),
    samplesMissing: 'تعذّر تحميل الأمثلة. حاول من جديد.',
  },

  row: {
    amending: 'التعديلات محفوظة هنا، ولم تُرسل بعد',
    sending: 'جارٍ الإرسال…',
    notSent: 'لم يُرسل',
    details: (id, customer) => `${isolated(customer)} · ${isolated(id)}، تفاصيل الطلب`,
    retry: 'إعادة الإرسال',
    dismiss: 'تجاهل',
    track: 'تتبّع',
    undo: 'تراجع',
    ok: 'حسنًا',
    returned: 'عاد الطرد إلينا',
    cancel: 'إلغاء',
    from: (moment) => phrase`من ${moment}`,
    unseen: (who) => `لم يطّلع ${isolated(who)} على التغيير بعد`,
  },
  rowOf: {
    retry: (id, customer) => `إعادة الإرسال: ${order(id, customer)}`,
    dismiss: (id, customer) => `تجاهل: ${order(id, customer)}`,
    track: (id, customer) => `تتبّع: ${order(id, customer)}`,
    undo: (id, customer) => `تراجع: ${order(id, customer)}`,
    ok: (id, customer) => `حسنًا: ${order(id, customer)}`,
    returned: (id, customer) => `عاد الطرد إلينا: ${order(id, customer)}`,
    cancel: (id, customer) => `إلغاء: ${order(id, customer)}`,
    leave: (id, customer) => `إبقاؤه كما هو: ${order(id, customer)}`,
  },
  people: { you: 'أنت', customer: 'العميل', hub: 'المركز' },

  thanks: {
    title: 'رسائل الشكر',
    newestFirst: 'رسائل الشكر، الأحدث أولًا',
    thanked: (id) => `شكرًا على تسليم الطلب ${isolated(id)}`,
    earlier: 'عرض الأقدم',
    latest: (n) =>
      f.plural(n, {
        zero: 'لا يظهر أي منها.',
        one: 'تظهر آخر رسالة فقط.',
        two: 'تظهر آخر رسالتين فقط.',
        few: 'تظهر آخر # رسائل فقط.',
        many: 'تظهر آخر # رسالة فقط.',
        other: 'تظهر آخر # رسالة فقط.',
      }),
    none: 'لا رسائل شكر بعد.',
    noneHint: 'يظهر هنا شكر على كل تسليم، حتى ما جرى منه والصفحة مغلقة.',
    next: 'سيظهر هنا شكر على التسليم القادم.',
    before: (n) =>
      f.plural(n, {
        zero: 'لم يُسلّم أي طلب من قبل.',
        one: 'سُلّم طلب واحد من قبل.',
        two: 'سُلّم طلبان من قبل.',
        few: 'سُلّمت # طلبات من قبل.',
        many: 'سُلّم # طلبًا من قبل.',
        other: 'سُلّم # طلب من قبل.',
      }),
    nothingNew: 'لم يُسلّم شيء منذ زيارتك الأخيرة.',
    nothingNewHint: (n) =>
      f.plural(n, {
        zero: 'لم يُسلّم أي طلب من قبل. سيظهر هنا شكر على التسليم القادم.',
        one: 'سُلّم طلب واحد من قبل. سيظهر هنا شكر على التسليم القادم.',
        two: 'سُلّم طلبان من قبل. سيظهر هنا شكر على التسليم القادم.',
        few: 'سُلّمت # طلبات من قبل. سيظهر هنا شكر على التسليم القادم.',
        many: 'سُلّم # طلبًا من قبل. سيظهر هنا شكر على التسليم القادم.',
        other: 'سُلّم # طلب من قبل. سيظهر هنا شكر على التسليم القادم.',
      }),
  },
  delivered: (customer, id) => `سُلّم الطلب ${isolated(customer)} · ${isolated(id)}.`,
  renumbered: (customer, id, before) =>
    `صار رقم طلب ${isolated(customer)} هو ${isolated(id)} لأن الرقم ${isolated(before)} مستخدم.`,
  renumberedMany: (n) =>
    f.plural(n, {
      zero: 'لم يتغير رقم أي طلب.',
      one: 'تغير رقم طلب واحد.',
      two: 'تغير رقما طلبين.',
      few: 'تغيرت أرقام # طلبات.',
      many: 'تغيرت أرقام # طلبًا.',
      other: 'تغيرت أرقام # طلب.',
    }),
  deliveredMany: (n) =>
    f.plural(n, {
      zero: 'لم يُسلّم أي طلب.',
      one: 'سُلّم طلب واحد.',
      two: 'سُلّم طلبان.',
      few: 'سُلّمت # طلبات.',
      many: 'سُلّم # طلبًا.',
      other: 'سُلّم # طلب.',
    }),

  details: 'بيانات المتجر',
});
