import type { life as english } from '../en/life-customer.ts';

export const life: typeof english = {
  reason: {
    'not-home': 'لم يكن أحد في المنزل.',
    refused: 'رُفض استلام الطلب عند الباب.',
    'wrong-address': 'لم يكن العنوان صحيحًا.',
    'no-access': 'تعذّر الدخول.',
    damaged: 'تضرّر الطلب في الطريق.',
    lost: 'فُقد الطلب في الطريق.',
    other: 'حدث ما حال دون التسليم.',
  },
};
