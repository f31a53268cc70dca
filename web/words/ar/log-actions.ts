import type { Words } from '../en/log-actions.ts';
import { isolated } from '../formats.ts';

export const messages = (): Words => ({
  label: 'إجراءات',
  driver: 'السائق',
  assign: { do: 'إسناد', anyway: 'إسناد رغم ذلك', done: 'تم الإسناد.' },
  reassign: { do: 'إعادة إسناد', anyway: 'إعادة إسناد رغم ذلك', done: 'أُعيد الإسناد.' },
  note: { label: 'ملاحظة', do: 'إرسال الملاحظة', done: 'أُرسلت الملاحظة.' },
  cancel: { label: 'سبب الإلغاء', do: 'إلغاء الطرد', done: 'تم الإلغاء.' },
  takeBack: (what) => `التراجع عن «${what}»`,
  unknownDriver: (driver) => `لم يظهر هنا من قبل سائق باسم ${isolated(driver)}.`,
  doubtfulDriver: (driver, why) => `لا يُعرف إن كان ${isolated(driver)} قد ظهر هنا من قبل. ${why}`,
});
