import type { Words } from '../en/shop-import.ts';
import { type Formats, isolated, phrase } from '../formats.ts';

/** Quotes a text of the file, isolated from the Arabic text around it. */
const moment = isolated('2026-11-30 14:30');

const quoted = (text: string) => `«${isolated(text)}»`;

export const messages = (f: Formats): Words => ({
  left: (name, left, total) =>
    `أُغلقت الصفحة في أثناء استيراد ${isolated(name)}: لم يُرسل بعد أو لم يُؤكَّد ${f.count(left)} من الطلبات وعددها ${f.count(total)}. استورد الملف نفسه من جديد لإكمال الباقي؛ ما سُجّل يبقى طلبًا واحدًا.`,
  title: 'استيراد الطلبات',
  another: 'اختيار ملف آخر',

  choose: {
    file: 'ملف CSV أو Excel فيه الطلبات',
    hint: 'اختره، أو أفلته هنا. لا يُرسل شيء قبل أن ترى ما فيه.',
    columns: (column) =>
      phrase`في أحد الأسطر أسماء الأعمدة: ${column('customer')} و${column('address')}، وإن شئت ${column('orderID')} و${column('notBefore')} و${column('dueAt')} (\u20682026-11-30 14:30\u2069، أو كما تكتب الأيام والأوقات) و${column('phone')} و${column('email')} و${column('note')}. أما الأعمدة التي لها أسماء أخرى، كما في ملفات برامج المتاجر، فيمكن اختيارها في الخطوة التالية.`,
    again: 'إعادة الملف نفسه لا تنشئ طلبًا ثانيًا: الصف الذي لا رقم لطلبه يُعطى رقمًا قصيرًا مأخوذًا من محتواه.',
    template: 'تنزيل القالب',
  },

  columns: {
    title: 'ما معنى كل عمود؟',
    heads: 'السطر الأول هو أسماء الأعمدة',
    nameless: (place) => `العمود ${f.digits(place)}`,
    named: (place, name) => `العمود ${f.digits(place)}: ${isolated(name)}`,
    field: {
      orderID: 'رقم الطلب',
      customer: 'العميل',
      address: 'العنوان',
      notBefore: 'ليس قبل',
      dueAt: 'الموعد',
      phone: 'الهاتف',
      email: 'البريد الإلكتروني',
      note: 'ملاحظة إلى السائق',
    },
    further: (field) => `${field}، عمود إضافي`,
    none: 'ليس في هذا الملف',
    add: '+ عمود',
    keepOthers: (n) =>
      f.plural(n, {
        zero: 'لا أعمدة أخرى تُحفظ مع الطلب',
        one: 'حفظ العمود الآخر مع الطلب',
        two: 'حفظ العمودين الآخرين مع الطلب',
        few: 'حفظ # أعمدة أخرى مع الطلب',
        many: 'حفظ # عمودًا آخر مع الطلب',
        other: 'حفظ # عمود آخر مع الطلب',
      }),
    sheet: 'الورقة',
    dayOrder: (day) => `${isolated(day)} يعني`,
    chooseDay: 'اختر…',
    needed: 'لا بد للطلب من عميل وعنوان: اختر عموديهما.',
    show: 'عرض الطلبات',
  },

  preview: {
    good: (n) =>
      f.plural(n, {
        zero: 'لا طلبات يمكن إرسالها.',
        one: 'يمكن إرسال طلب واحد.',
        two: 'يمكن إرسال طلبين.',
        few: 'يمكن إرسال # طلبات.',
        many: 'يمكن إرسال # طلبًا.',
        other: 'يمكن إرسال # طلب.',
      }),
    bad: (n) =>
      f.plural(n, {
        zero: 'لا صفوف فيها أخطاء.',
        one: 'في صف واحد خطأ.',
        two: 'في صفين أخطاء.',
        few: 'في # صفوف أخطاء.',
        many: 'في # صفًا أخطاء.',
        other: 'في # صف أخطاء.',
      }),
    badRows: 'صفوف فيها أخطاء',
    goodRows: 'صفوف يمكن إرسالها',
    line: (line) => `السطر ${f.digits(line)}`,
    moreBad: (n) =>
      f.plural(n, {
        zero: 'لا أخطاء في غيرها.',
        one: 'وفي صف آخر أخطاء.',
        two: 'وفي صفين آخرين أخطاء.',
        few: 'وفي # صفوف أخرى أخطاء.',
        many: 'وفي # صفًا آخر أخطاء.',
        other: 'وفي # صف آخر أخطاء.',
      }),
    more: (n) =>
      f.plural(n, {
        zero: 'ولا غيرها',
        one: 'وطلب آخر',
        two: 'وطلبان آخران',
        few: 'و# طلبات أخرى',
        many: 'و# طلبًا آخر',
        other: 'و# طلب آخر',
      }),
    late: (n, lines, isCut) => {
      const list = lines.map(f.digits).join('، ') + (isCut ? '، …' : '.');
      return f.plural(n, {
        zero: `لا طلبات فات موعدها: ${list}`,
        one: `طلب واحد فات موعده: السطر ${list}`,
        two: `طلبان فات موعدهما: السطران ${list}`,
        few: `# طلبات فات موعدها: الأسطر ${list}`,
        many: `# طلبًا فات موعدها: الأسطر ${list}`,
        other: `# طلب فات موعدها: الأسطر ${list}`,
      });
    },
    moreLines: (n, lines, isCut) => {
      const list = lines.map(f.digits).join('، ') + (isCut ? '، …' : '.');
      return f.plural(n, {
        zero: 'لا أسطر تابعة لطلبات سابقة.',
        one: `سطر واحد تابع لطلب سابق، وليس طلبًا بذاته: السطر ${list}`,
        two: `سطران تابعان لطلبات سابقة، وليسا طلبين: السطران ${list}`,
        few: `# أسطر تابعة لطلبات سابقة، وليست طلبات بذاتها: الأسطر ${list}`,
        many: `# سطرًا تابعًا لطلبات سابقة، وليست طلبات بذاتها: الأسطر ${list}`,
        other: `# سطر تابع لطلبات سابقة، وليست طلبات بذاتها: الأسطر ${list}`,
      });
    },
    allUsed: 'كل الأعمدة مستخدمة.',
    kept: (n) =>
      f.plural(n, {
        zero: 'لا أعمدة أخرى تُحفظ مع الطلب.',
        one: 'يُحفظ عمود آخر مع الطلب.',
        two: 'يُحفظ عمودان آخران مع الطلب.',
        few: 'تُحفظ # أعمدة أخرى مع الطلب.',
        many: 'يُحفظ # عمودًا آخر مع الطلب.',
        other: 'يُحفظ # عمود آخر مع الطلب.',
      }),
    leftOut: (n) =>
      f.plural(n, {
        zero: 'لا أعمدة أخرى تُترك.',
        one: 'يُترك عمود آخر.',
        two: 'يُترك عمودان آخران.',
        few: 'تُترك # أعمدة أخرى.',
        many: 'يُترك # عمودًا آخر.',
        other: 'يُترك # عمود آخر.',
      }),
    change: 'تغيير الأعمدة',
    leaveOut: (n) =>
      f.plural(n, {
        zero: 'لا صفوف تُستبعد',
        one: 'استبعاد الصف الذي فيه خطأ',
        two: 'استبعاد صفين فيهما أخطاء',
        few: 'استبعاد # صفوف فيها أخطاء',
        many: 'استبعاد # صفًا فيها أخطاء',
        other: 'استبعاد # صف فيها أخطاء',
      }),
    send: (n) =>
      f.plural(n, {
        zero: 'لا طلبات للإرسال',
        one: 'إرسال طلب واحد',
        two: 'إرسال طلبين',
        few: 'إرسال # طلبات',
        many: 'إرسال # طلبًا',
        other: 'إرسال # طلب',
      }),
  },

  mend: {
    file: 'للتصحيح',
    download: 'تنزيل هذه الصفوف',
    hint: 'جدول فيه هذه الصفوف وحدها، وفي عموده الأول بيان الخطأ. صحّحه ثم استورده.',
  },

  progress: {
    onRecord: (done, total) => `الطلبات المسجّلة: ${f.count(done)} من ${f.count(total)}.`,
    label: 'الطلبات المسجّلة',
    isUp: 'يمكنك إغلاق هذه النافذة ومتابعة العمل؛ لكن أبقِ الصفحة مفتوحة.',
    isDown: 'لا اتصال بالمركز. يُستأنف الاستيراد من تلقاء نفسه عند عودته.',
    stop: 'إيقاف',
    placed: (n) =>
      f.plural(n, {
        zero: 'لم يُسجّل أي طلب.',
        one: 'سُجّل طلب واحد.',
        two: 'سُجّل طلبان.',
        few: 'سُجّلت # طلبات.',
        many: 'سُجّل # طلبًا.',
        other: 'سُجّل # طلب.',
      }),
    known: (n) =>
      f.plural(n, {
        zero: 'لم يكن أي منها مسجّلًا من قبل.',
        one: 'كان طلب واحد مسجّلًا من قبل.',
        two: 'كان طلبان مسجّلين من قبل.',
        few: 'كانت # طلبات مسجّلة من قبل.',
        many: 'كان # طلبًا مسجّلًا من قبل.',
        other: 'كان # طلب مسجّلًا من قبل.',
      }),
    refused: (n) =>
      f.plural(n, {
        zero: 'لم يُرفض أي طلب.',
        one: 'رُفض طلب واحد.',
        two: 'رُفض طلبان.',
        few: 'رُفضت # طلبات.',
        many: 'رُفض # طلبًا.',
        other: 'رُفض # طلب.',
      }),
    stopped: (n) =>
      `أُوقف الاستيراد، والمتبقي ${f.count(n)}. أرسل الملف نفسه من جديد لإكمال الباقي: ما سُجّل يبقى طلبًا واحدًا.`,
    refusedRows: 'صفوف مرفوضة',
    moreRefused: (n) =>
      f.plural(n, {
        zero: 'لم يُرفض غيرها.',
        one: 'ورُفض صف آخر.',
        two: 'ورُفض صفان آخران.',
        few: 'ورُفضت # صفوف أخرى.',
        many: 'ورُفض # صفًا آخر.',
        other: 'ورُفض # صف آخر.',
      }),
    another: 'استيراد ملف آخر',
  },

  file: {
    tooLarge: (megabytes) => `هذا الملف أكبر من ${f.count(megabytes)} ميغابايت؛ قسّمه.`,
    noReader: 'تعذّر تحميل قارئ الملفات. حاول من جديد عندما يستجيب المركز، أو أعد تحميل الصفحة.',
    locked: 'هذا المصنّف محمي بكلمة مرور. احفظ نسخة منه من دونها، أو احفظ ورقته بصيغة CSV.',
    oldWorkbook: `هذا المصنّف بالصيغة القديمة (${isolated('.xls')}). احفظه بصيغة ${isolated('.xlsx')} أو CSV واختر ذلك الملف.`,
    otherKind: `هذا ليس مصنّف Excel (${isolated('.xlsx')}). احفظ ورقته بصيغة CSV واختر ذلك الملف.`,
    damaged: 'هذا المصنّف تالف أو غير كامل. افتحه في Excel واحفظه من جديد واختر ذلك الملف.',
    unpacksTooLarge: (megabytes) =>
      `حجم هذا المصنّف بعد فك ضغطه أكبر من ${f.count(megabytes)} ميغابايت. قسّمه، أو احفظ ورقته بصيغة CSV.`,
    empty: 'هذا الملف فارغ.',
    noTable: `يجب أن يحتوي السطر الأول على أسماء الأعمدة، ومنها ${quoted('customer')} و${quoted('address')}.`,
    noOrders: 'لا طلبات تحت السطر الأول.',
    tooManyOrders: (most) => `الحد الأقصى لعدد الطلبات في الملف: ${f.count(most)}.`,
    tooManyColumns: (most) => `الحد الأقصى لعدد الأعمدة في الملف: ${f.count(most)}.`,
    noEnd: (line) => `السطر ${f.digits(line)}: هذا الصف لا ينتهي؛ ابحث عن علامة اقتباس لم تُغلق.`,
    notClosed: (line) => `السطر ${f.digits(line)}: فُتحت هنا علامة اقتباس ولم تُغلق.`,
  },

  row: {
    tooManyCells: 'الخلايا أكثر من الأعمدة؛ ضع العنوان الذي فيه فاصلة بين علامتي اقتباس.',
    tornCell:
      'يوجد نص بعد علامة اقتباس الإغلاق؛ ضع الخلية كلها بين علامتي اقتباس، واكتب ما بداخلها من علامات مرتين.',
    unfit: (column, why) => `${quoted(column)}: ${why}`,
    noJson: (value, column) => `${quoted(value)} ليس JSON، وقيمة ${quoted(column)} يجب أن تكون كذلك.`,
    otherStore: (store) => `هذا طلب من المتجر ${quoted(store)}.`,
    sameId: (id, line) => `رقم الطلب ${quoted(id)} موجود من قبل في السطر ${f.digits(line)}.`,
    noCustomer: 'العميل غير مذكور.',
    noAddress: 'العنوان غير مذكور.',
    badId: (problem) => `رقم الطلب غير مسموح به (${isolated(problem)}).`,
    badText: (column, problem) => `قيمة ${quoted(column)} غير مسموح بها (${isolated(problem)}).`,
    tooLong: (column, most) => `قيمة ${quoted(column)} أطول من الحد المسموح به (${f.count(most)}).`,
    noDay: (value, date, month, year) =>
      `${quoted(value)} ليس موعدًا؛ لا وجود ليوم ${f.digits(date)} ${month} ${f.digits(year)}.`,
    eitherDay: (value) =>
      `${quoted(value)} قد يعني أحد يومين؛ اكتبه هكذا: ${moment}، أو اختر ترتيب اليوم والشهر.`,
    noHour: (value) => `${quoted(value)} لا وجود له: تُقدَّم الساعة في تلك الليلة فتتخطاه. اختر وقتًا آخر.`,
    twice: (value, first, second) =>
      `${quoted(value)} يأتي مرتين لأن الساعة تُؤخَّر في تلك الليلة؛ اكتب ${isolated(first)} أو ${isolated(second)}.`,
    noStart: (value) => `${quoted(value)} ليس وقت بداية؛ اكتبه هكذا: ${moment}.`,
    badPlace: `يجب أن يكون ${quoted('latitude')} و${quoted('longitude')} كلاهما درجات، مثل 52.52 و13.40.`,
    reversed: `النهاية قبل البداية: ${quoted('notBefore')} بعد ${quoted('dueAt')}.`,
    noMoment: (value) => `${quoted(value)} ليس موعدًا؛ اكتبه هكذا: ${moment}.`,
  },
});
