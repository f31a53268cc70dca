import type { Words } from '../en/driver-proof.ts';
import { isolated, type Messages, phrase } from '../formats.ts';

export const messages: Messages<Words> = (f) => ({
  title: 'الإثباتات',
  chip: { photo: 'صورة', signature: 'توقيع', pin: 'رمز PIN', scan: 'مسح' },
  done: 'تم',
  wanted: 'ناقص',
  working: 'لحظة…',
  remove: 'إزالة',
  shown: { photo: 'الصورة', signature: 'التوقيع' },

  problem: {
    'no-image': 'هذه ليست صورة يستطيع هذا الهاتف قراءتها.',
    'too-large': 'هذه الصورة كبيرة جدًا.',
    full: 'لا مكان لمزيد من الصور في هذا الهاتف. اذهب إلى حيث توجد شبكة كي تُرسل.',
    failed: 'لم ينجح ذلك. حاول مرة أخرى.',
  },

  signature: {
    title: 'وقّع هنا',
    clear: 'مسح التوقيع',
    done: 'تم',
    dot: 'هذه مجرد نقطة. يُرجى التوقيع.',
  },

  pin: {
    title: 'رمز PIN من صفحة العميل',
    typed: (n) => `${f.count(n)} من ${f.count(4)} أرقام`,
    erase: 'حذف',
    checking: 'جارٍ التحقق…',
    right: 'رمز PIN صحيح.',
    kept: 'حُفظ. يُتحقَّق من رمز PIN عند توفّر الشبكة.',
    wrong: 'رمز PIN خاطئ. اسأل عنه مرة أخرى.',
    usedUp: 'أُدخلت خمسة رموز PIN خاطئة. أُبلغ قسم التوزيع وعليه أن ينظر في هذا الطرد.',
    callShop: 'اتصل بالمتجر',
    note: 'ملاحظة إلى قسم التوزيع',
  },

  scan: {
    title: 'مسح رمز',
    aim: 'وجّه الكاميرا نحو الرمز.',
    camera: 'الكاميرا',
    still: 'صورة للرمز',
    typed: 'أو اكتب الرمز',
    use: 'استخدام',
    none: 'لم يُعثر على رمز في هذه الصورة.',
    noCamera: 'لا تستطيع هذه الصفحة استخدام الكاميرا هنا. صوّر الرمز أو اكتبه.',
    read: (code) => `الرمز ${isolated(code)}`,
    otherLabel: (id) => `هذا ملصق الطلب ${isolated(id)}.`,
    otherStore: (id, store) => `هذا ملصق الطلب ${isolated(id)} من ${isolated(store)}.`,
    open: (id) => `فتح الطلب ${isolated(id)}`,
  },

  ask: {
    todo: {
      photo: 'التقط صورة',
      signature: 'خذ التوقيع',
      pin: 'أدخل رمز PIN',
      scan: 'امسح الرمز',
      receivedBy: 'أدخل الاسم',
    },
    todoAll: (kinds) => `أضف: ${f.list(kinds)}`,
    wanted: (kinds) => `يطلب المتجر: ${f.list(kinds)}.`,
    without: (kinds) => `بدون ${f.list(kinds)}`,
  },

  images: {
    waiting: (n) =>
      f.plural(n, {
        zero: 'لا صور تنتظر الشبكة',
        one: 'صورة واحدة تنتظر الشبكة',
        two: 'صورتان تنتظران الشبكة',
        few: '# صور تنتظر الشبكة',
        many: '# صورة تنتظر الشبكة',
        other: '# صورة تنتظر الشبكة',
      }),
    sending: (n) =>
      f.plural(n, {
        zero: 'لا صور تُرسل',
        one: 'صورة واحدة تُرسل',
        two: 'صورتان تُرسلان',
        few: '# صور تُرسل',
        many: '# صورة تُرسل',
        other: '# صورة تُرسل',
      }),
    hubFull: (n) =>
      f.plural(n, {
        zero: 'لا مكان للصور في المركز.',
        one: 'لا مكان للصور في المركز: صورة واحدة تنتظر هنا.',
        two: 'لا مكان للصور في المركز: صورتان تنتظران هنا.',
        few: 'لا مكان للصور في المركز: # صور تنتظر هنا.',
        many: 'لا مكان للصور في المركز: # صورة تنتظر هنا.',
        other: 'لا مكان للصور في المركز: # صورة تنتظر هنا.',
      }),
    notTaken: (id, why) => `لم يقبل المركز صورة للطلب ${isolated(id)}: ${why}`,
  },

  copy: {
    copy: 'نسخ',
    copied: 'تم النسخ',
    notCopied: 'لم يُنسخ',
    addressCopied: 'تم نسخ العنوان.',
    addressNotCopied: 'لم يُنسخ العنوان.',
  },

  distance: {
    show: 'أظهر المسافات',
    straight: 'بخط مستقيم',
    none: 'لا يحدد هذا الهاتف موقعه.',
  },

  limits: {
    atRisk: 'غير محفوظ على هذا الجهاز: أبقِ هذه الصفحة مفتوحة حتى يُرسل.',
    keepsNothing: 'هذا المتصفح لا يحفظ شيئًا: أبقِ الصفحة مفتوحة حتى يُرسل كل ما فعلته.',
    needsHttps:
      'ما تفعله بلا شبكة محفوظ. مع HTTPS تُفتح الصفحة أيضًا بلا شبكة، وتبقى الشاشة مضاءة، ويمكن نسخ العناوين.',
  },

  duty: {
    backOn: 'عُد إلى الخدمة',
    carried: 'أنت خارج الخدمة وما زالت معك طرود. سلّم ما معك أو أعده إلى المتجر.',
    claimed: 'أنت خارج الخدمة وما زالت معك طرود. استلمها وسلّمها، أو تخلَّ عنها.',
    both: 'أنت خارج الخدمة وما زالت معك طرود. سلّم ما معك أو أعده إلى المتجر، وتخلَّ عمّا لم تستلمه.',
  },

  shift: {
    title: 'مناوبتك',
    since: (moment) => phrase`منذ ${moment}`,
    delivered: 'تم التسليم',
    failed: 'لم يُسلَّم',
    returned: 'أُعيد',
    inHand: 'ما زال معك',
  },

  notes: {
    none: 'لا ملاحظات بعد.',
    new: 'ملاحظة جديدة',
    send: 'إرسال',
    urgent: 'يجب أن يراها قسم التوزيع',
    sendOf: (id) => `ملاحظة على الطلب ${isolated(id)}`,
  },

  changed: {
    was: 'كان',
    now: 'الآن',
    removed: 'حُذف',
    seen: 'اطّلعت',
  },
});
