import type { life as english } from '../en/life-driver.ts';

export const life: typeof english = {
  event: {
    pickup: 'طلب',
    claimed: 'تم الحجز',
    released: 'تم التخلي عنه',
    'in-transit': 'تم الاستلام',
    delivered: 'تم التسليم',
    'attempt-failed': 'تعذّر التسليم',
    retried: 'محاولة جديدة',
    returning: 'إرجاع إلى المتجر',
    returned: 'أُعيد',
    cancelled: 'أُلغي',
    reassigned: 'نُقل إلى غيرك',
    corrected: 'تراجع',
    note: 'ملاحظة',
    amended: 'تغيّر الطلب',
    seen: 'تم الاطلاع',
    proof: 'إثبات',
  },
  reason: {
    'not-home': 'لا أحد في المنزل',
    refused: 'رُفض الاستلام',
    'wrong-address': 'عنوان خاطئ',
    'no-access': 'تعذّر الدخول',
    damaged: 'تالف',
    lost: 'مفقود',
    other: 'سبب آخر',
  },
  outcome: {
    recipient: 'المستلم',
    'third-party': 'أحد الجيران',
    'safe-place': 'مكان آمن',
    mailbox: 'صندوق البريد',
    other: 'غير ذلك',
  },
};
