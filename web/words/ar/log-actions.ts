import type { Words } from '../en/log-actions.ts';
import { isolated } from '../formats.ts';

export const messages = (): Words => ({
  label: 'إجراءات',
  driver: 'السائق',
  assign: { do: 'إسناد', anyway: 'إسناد رغم ذلك', done: 'تم الإسناد.' },
  reassign: { do: 'إعادة إسناد', anyway: 'إعادة إسناد رغم ذلك', done: 'أُعيد الإسناد.' },
  step: {
    delivered: { do: 'تم التسليم', hint: () => 'الطرد لدى الزبون.', done: 'تم التسليم.' },
    retried: {
      do: 'محاولة أخرى',
      hint: (driver) => `ينطلق به ${isolated(driver)} مرة أخرى.`,
      done: 'في الطريق من جديد.',
    },
    returning: {
      do: 'إعادة إلى المتجر',
      hint: (driver) => `يعيده ${isolated(driver)} إلى المتجر.`,
      done: 'في طريق العودة.',
    },
    returned: { do: 'أُعيد', hint: () => 'الطرد لدى المتجر من جديد.', done: 'أُعيد.' },
    released: {
      do: 'إعادة العرض',
      hint: (driver) => `معروض من جديد: لم يعد لدى ${isolated(driver)}.`,
      done: 'معروض من جديد.',
    },
  },
  amend: {
    hint: 'يُبلَّغ من لديه الطرد.',
    done: 'تم التعديل.',
  },
  note: { label: 'ملاحظة', do: 'إرسال الملاحظة', done: 'أُرسلت الملاحظة.' },
  cancel: { label: 'سبب الإلغاء', do: 'إلغاء الطرد', done: 'تم الإلغاء.' },
  takeBack: (what) => `التراجع عن «${what}»`,
  unknownDriver: (driver) => `لم يظهر هنا من قبل سائق باسم ${isolated(driver)}.`,
  doubtfulDriver: (driver, why) => `لا يُعرف إن كان ${isolated(driver)} قد ظهر هنا من قبل. ${why}`,
});
