import type { life as english } from '../en/life-dispatch.ts';

export const life: typeof english = {
  event: {
    pickup: 'جاهز',
    claimed: 'محجوز',
    released: 'أُتيح من جديد',
    'in-transit': 'في الطريق',
    delivered: 'تم التسليم',
    'attempt-failed': 'تعذّر التسليم',
    retried: 'محاولة جديدة',
    returning: 'قيد الإرجاع',
    returned: 'أُعيد',
    cancelled: 'ملغى',
    reassigned: 'أُعيد إسناده',
    corrected: 'صُحّح',
    note: 'ملاحظة',
    amended: 'عُدّل',
    seen: 'اطُّلع عليه',
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
    recipient: 'إلى المستلم',
    'third-party': 'إلى أحد الجيران',
    'safe-place': 'تُرك في مكان آمن',
    mailbox: 'في صندوق البريد',
    other: 'غير ذلك',
  },
};
