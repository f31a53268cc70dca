import type { life as english } from '../en/life-shop.ts';
import { isolated } from '../formats.ts';

export const life: typeof english = {
  event: {
    ordered: 'تم الطلب',
    claimed: (who) => `حجزه ${isolated(who)}`,
    givenBack: (who) => `تخلّى عنه ${isolated(who)}`,
    backOnOffer: 'معروض من جديد',
    pickedUp: (who) => `استلمه ${isolated(who)}`,
    delivered: (who) => `سلّمه ${isolated(who)}`,
    notDelivered: (who) => `تعذّر التسليم على ${isolated(who)}`,
    retried: (who) => `يحاول ${isolated(who)} من جديد`,
    returning: (who) => `يعيده ${isolated(who)}`,
    returned: 'عاد إلى المتجر',
    cancelledByYou: 'ألغيتَه أنت',
    cancelled: (who) => `ألغاه ${isolated(who)}`,
    reassigned: (who) => `أُسند إلى ${isolated(who)}`,
    takenBackToOffer: 'تم التراجع: معروض من جديد',
    takenBack: 'تم التراجع عن الخطوة الأخيرة',
    amendedByYou: 'عدّلتَ الطلب',
    amended: (who) => `عدّل الطلب ${isolated(who)}`,
    seen: (who) => `اطّلع ${isolated(who)} على التعديل`,
    proof: 'أُضيف إثبات',
    pinWrong: 'رقم تأكيد خاطئ',
  },
  reason: {
    'not-home': 'لم يكن أحد في المنزل.',
    refused: 'رُفض استلامه.',
    'wrong-address': 'العنوان خاطئ.',
    'no-access': 'تعذّر الدخول.',
    damaged: 'الطرد تالف.',
    lost: 'الطرد مفقود.',
  },
  outcome: {
    recipient: 'سُلّم إلى المستلم.',
    'third-party': 'سُلّم إلى أحد الجيران.',
    'safe-place': 'تُرك في مكان آمن.',
    mailbox: 'في صندوق البريد.',
  },
};
