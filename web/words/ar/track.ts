import type { Words } from '../en/track.ts';
import { type Formats, isolated, phrase } from '../formats.ts';
import { life } from './life-customer.ts';

export const messages = (f: Formats): Words => ({
  ...life,

  title: (id, status) => `الطلب ${isolated(id)}: ${status}`,
  titleLate: (id, status) => `الطلب ${isolated(id)}: ${status}، متأخر`,
  noOrder: {
    title: 'لا طلب هنا',
    heading: 'لا يوجد طلب خلف هذا الرابط.',
    hint: 'ربما قُطع الرابط عند نسخه. افتحه من جديد من الرسالة التي وصلتك، أو اطلب من متجرك إعادة إرساله.',
  },
  notNow: {
    title: 'لحظة من فضلك',
    heading: 'لا يمكن عرض طلبك الآن.',
    hint: 'ستعيد هذه الصفحة المحاولة من تلقاء نفسها.',
  },
  notShown: { title: 'لا يظهر هنا', heading: 'لا يمكن عرض هذه الصفحة في هذا العنوان.' },

  now: 'الآن',
  late: 'متأخر',
  driver: { first: 'السائق', within: 'السائق' },

  headline: {
    ready: (shop) => phrase`طلبك جاهز لدى\u00a0${shop}`,
    claimed: (driver) => phrase`سيستلم ${driver} طلبك`,
    inTransit: (driver) => phrase`استلم ${driver} طلبك`,
    again: (driver) => phrase`يحاول ${driver} من\u00a0جديد`,
    delivered: (driver) => phrase`سلّم ${driver} طلبك`,
    failed: (driver) => phrase`لم يتمكن ${driver} من تسليم\u00a0طلبك`,
    returning: (shop) => phrase`طلبك في طريق العودة إلى\u00a0${shop}`,
    returned: (shop) => phrase`عاد طلبك إلى\u00a0${shop}`,
    cancelled: 'أُلغي طلبك',
  },
  when: {
    between: (from, to) => phrase`يصل بين ${from} و${to}.`,
    after: (from) => phrase`يصل بعد ${from}.`,
    due: (moment) => phrase`موعد وصوله ${moment}.`,
    wasDue: (moment) => phrase`كان موعد وصوله ${moment}.`,
    usually: (shop, span) => phrase`تصل طلبات ${shop} عادةً خلال ${span}.`,
    minutes: (n) =>
      f.plural(n, {
        zero: 'أقل من دقيقة',
        one: 'دقيقة واحدة',
        two: 'دقيقتين',
        few: '# دقائق',
        many: '# دقيقة',
        other: '# دقيقة',
      }),
    hours: (n) =>
      f.plural(n, {
        zero: 'أقل من ساعة',
        one: 'ساعة واحدة',
        two: 'ساعتين',
        few: '# ساعات',
        many: '# ساعة',
        other: '# ساعة',
      }),
    days: (n) =>
      f.plural(n, {
        zero: 'أقل من يوم',
        one: 'يوم واحد',
        two: 'يومين',
        few: '# أيام',
        many: '# يومًا',
        other: '# يوم',
      }),
  },
  next: {
    ready: 'الخطوة التالية: يتولاه سائق ويستلمه.',
    claimed: (shop) => phrase`الخطوة التالية: يغادر ${shop} ويصل إليك.`,
    inTransit: 'هو في الطريق إليك.',
    failed: (driver, shop) => phrase`الخطوة التالية: يحاول ${driver} من جديد أو يعيده إلى ${shop}.`,
    lost: (shop) => phrase`يمكن أن يخبرك ${shop} بما سيحدث.`,
    back: (shop) => phrase`يمكن أن يخبرك ${shop} كيف تحصل عليه.`,
    calledOff: 'أُلغي التوصيل.',
    calledOffBy: (shop) => phrase`ألغاه ${shop}.`,
    cancelled: (shop) => phrase`يمكن أن يخبرك ${shop} بالمزيد.`,
    reason: (reason) => phrase`السبب: ${reason}.`,
  },
  outcome: {
    recipient: 'سُلّم إلى المستلم.',
    person: (name) => phrase`سُلّم إلى ${name}.`,
    neighbour: 'سُلّم إلى أحد الجيران.',
    neighbourNamed: (name) => phrase`سُلّم إلى أحد الجيران، ${name}.`,
    safePlace: 'تُرك في مكان آمن.',
    mailbox: 'هو في صندوق البريد.',
    arrived: 'لقد وصل.',
  },

  proof: {
    title: 'سُلّم، مع الإثبات',
    photo: 'صورة التسليم',
    coming: 'صورة التسليم لم تصل بعد.',
    pin: (pin) => phrase`أخبر السائق بهذا الرقم عند الباب: ${pin}`,
  },

  steps: {
    title: 'الخطوات',
    ordered: 'تم الطلب',
    assigned: 'عُيّن السائق',
    pickedUp: 'تم الاستلام',
    delivered: 'تم التسليم',
    cancelled: 'أُلغي',
    tried: 'محاولة تسليم',
    again: 'في الطريق من جديد',
    goingBack: 'في طريق العودة',
    returned: 'أُعيد',
    state: { done: 'تمّ: ', current: 'الآن: ', coming: 'لاحقًا: ' },
    attempts: 'محاولات فاشلة',
    before: (n) =>
      f.plural(n, {
        zero: 'ولا محاولات قبلها.',
        one: 'ومحاولة أخرى قبلها.',
        two: 'ومحاولتان أخريان قبلها.',
        few: 'و# محاولات أخرى قبلها.',
        many: 'و# محاولة أخرى قبلها.',
        other: 'و# محاولة أخرى قبلها.',
      }),
  },
  order: { title: 'الطلب', id: 'الطلب', from: 'من', to: 'إلى' },
  contact: {
    call: (shop, phone) => phrase`أسئلة؟ اتصل بـ ${shop}: ${phone}.`,
    write: (shop, email) => phrase`أسئلة؟ اكتب إلى ${shop}: ${email}.`,
    both: (shop, phone, email) => phrase`أسئلة؟ اتصل بـ ${shop}: ${phone}، أو اكتب إلى ${email}.`,
  },
  utc: (moment) => `${moment} UTC`,

  frame: {
    tryNow: 'حاول الآن',
    newVersion: 'يوجد إصدار جديد من هذه الصفحة.',
    refresh: 'تحديث',
    reload: 'أعد تحميل هذه الصفحة لترى الجديد.',
  },
  link: {
    connecting: 'جارٍ الاتصال…',
    live: 'مباشر',
    back: 'عاد الاتصال',
    offline: (time) => `حتى ${time}. غير متصل`,
    lost: (time, seconds) => `حتى ${time}. إعادة الاتصال خلال ${seconds} ث`,
    onDay: (day, time) => `${day}، ${time}`,
  },
});
