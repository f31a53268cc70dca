import type { Words } from '../en/board.ts';
import { type Formats, isolated, phrase } from '../formats.ts';

export const messages = (f: Formats): Words => ({
  needsYou: 'يحتاج إليك',
  concern: {
    urgent: 'ملاحظة عاجلة',
    pin: 'رمز PIN خاطئ خمس مرات',
    failed: 'تعذّر التسليم',
    unclaimed: (span) => `بلا سائق منذ ${isolated(span)}`,
    unseen: (span) => `تعديل لم يُقرأ منذ ${isolated(span)}`,
  },
  search: {
    label: 'البحث في اللوحة',
    /** The names of fields are the same in every language. */
    example: 'اسم أو عنوان أو is:late',
    none: 'لا شيء هنا يطابق البحث.',
  },
  counts: 'الطرود المفتوحة',
  driversTitle: 'السائقون',
  nobody: 'لا أحد',
  by: { label: 'التجميع', status: 'حسب الحالة', driver: 'حسب السائق' },
  select: 'تحديد',
  selected: (n) =>
    f.plural(n, {
      zero: 'لم يُحدَّد شيء',
      one: 'حُدِّد طرد واحد',
      two: 'حُدِّد طردان',
      few: 'حُدِّدت # طرود',
      many: 'حُدِّد # طردًا',
      other: 'حُدِّد # طرد',
    }),
  assign: 'إسناد',
  clear: 'إلغاء التحديد',
  hint: 'اسحب طردًا إلى سائق، أو اضغط A.',
  hintTouch: 'اضغط «تحديد» واختر طرودًا لتسندها إلى سائق.',
  duty: { on: 'في الخدمة', off: 'خارج الخدمة', away: 'غير متصل' },
  seen: (age) => phrase`آخر ظهور ${age}`,
  load: (n, driver) =>
    f.plural(n, {
      zero: `لا طرود مفتوحة لدى ${isolated(driver)}`,
      one: `طرد مفتوح واحد لدى ${isolated(driver)}`,
      two: `طردان مفتوحان لدى ${isolated(driver)}`,
      few: `# طرود مفتوحة لدى ${isolated(driver)}`,
      many: `# طردًا مفتوحًا لدى ${isolated(driver)}`,
      other: `# طرد مفتوح لدى ${isolated(driver)}`,
    }),
  noDrivers: 'لا سائق متصل، ولا أحد لديه طرد.',
  empty: {
    attention: 'لا شيء متأخر أو متعذّر أو منسي.',
    ready: 'لا طرد ينتظر سائقًا.',
    claimed: 'لا طرد ينتظر الاستلام.',
    'in-transit': 'لا طرد في الطريق.',
    returning: 'لا طرد في طريق العودة.',
    driver: 'لا شيء في اليد.',
  },
  noOther: {
    ready: 'لا طرد آخر ينتظر سائقًا.',
    claimed: 'لا طرد آخر ينتظر الاستلام.',
    'in-transit': 'لا طرد آخر في الطريق.',
    returning: 'لا طرد آخر في طريق العودة.',
  },
  allDone: 'لا طرود مفتوحة.',
  allDoneHint: (store) => phrase`تظهر طلبات ${store} هنا لحظة إرسالها.`,
  aStore: 'المتجر',
  loading: 'جارٍ تحميل الطرود المفتوحة…',
  failed: 'تعذّر تحميل الطرود المفتوحة.',
  full: (n) => `عدد الطرود المفتوحة أكثر من ${f.count(n)}؛ لا تظهر كلها.`,
  dialog: {
    assignOne: (parcel) => `إسناد ${isolated(parcel)}`,
    assignMany: (n) =>
      f.plural(n, {
        zero: 'لا طرود للإسناد',
        one: 'إسناد طرد واحد',
        two: 'إسناد طردين',
        few: 'إسناد # طرود',
        many: 'إسناد # طردًا',
        other: 'إسناد # طرد',
      }),
    driver: 'السائق',
    choose: 'السائقون',
    asking: 'جارٍ سؤال المركز…',
    unknown: (driver) => `لم يكن هنا أحد باسم ${isolated(driver)}.`,
    doubtful: (driver, why) => `لا يُعرف هل كان ${isolated(driver)} هنا. ${why}`,
    anyway: 'إسناد على أي حال',
  },
  outcome: {
    sending: (n, driver) =>
      f.plural(n, {
        zero: `لا طرود إلى ${isolated(driver)}…`,
        one: `إسناد طرد واحد إلى ${isolated(driver)}…`,
        two: `إسناد طردين إلى ${isolated(driver)}…`,
        few: `إسناد # طرود إلى ${isolated(driver)}…`,
        many: `إسناد # طردًا إلى ${isolated(driver)}…`,
        other: `إسناد # طرد إلى ${isolated(driver)}…`,
      }),
    assigned: (n, driver) =>
      f.plural(n, {
        zero: `لم يُسند شيء إلى ${isolated(driver)}.`,
        one: `أُسند طرد واحد إلى ${isolated(driver)}.`,
        two: `أُسند طردان إلى ${isolated(driver)}.`,
        few: `أُسندت # طرود إلى ${isolated(driver)}.`,
        many: `أُسند # طردًا إلى ${isolated(driver)}.`,
        other: `أُسند # طرد إلى ${isolated(driver)}.`,
      }),
    taking: (n) =>
      f.plural(n, {
        zero: 'لا طرود…',
        one: 'يُسجَّل لطرد واحد…',
        two: 'يُسجَّل لطردين…',
        few: 'يُسجَّل لـ# طرود…',
        many: 'يُسجَّل لـ# طردًا…',
        other: 'يُسجَّل لـ# طرد…',
      }),
    taken: (n) =>
      f.plural(n, {
        zero: 'لا طرود.',
        one: 'تم لطرد واحد.',
        two: 'تم لطردين.',
        few: 'تم لـ# طرود.',
        many: 'تم لـ# طردًا.',
        other: 'تم لـ# طرد.',
      }),
    undo: 'تراجع',
    undone: 'أُلغي الإسناد.',
    lostTo: (parcel, winner) => `ذهب ${isolated(parcel)} إلى ${isolated(winner)} بدلًا من ذلك.`,
    takenMeanwhile: (parcel, winner) => `أخذه ${isolated(winner)} في هذه الأثناء: ${isolated(parcel)}`,
    refused: (parcel, why) => `${isolated(parcel)}: ${why}`,
    movedOn: (status) => `تغيّرت حالته منذ ذلك: ${isolated(status)}`,
    finished: 'اكتمل منذ ذلك.',
    dismiss: 'إغلاق',
  },
});
