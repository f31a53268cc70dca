import type { Words } from '../en/order-form.ts';
import { isolated } from '../formats.ts';

export const messages = (): Words => ({
  address: 'العنوان',
  day: 'اليوم المطلوب',
  today: 'اليوم',
  tomorrow: 'غدًا',
  otherDay: 'تاريخ آخر…',
  closed: (hours) => `حسب ساعات العمل يكون المتجر مغلقًا غدًا: ${isolated(hours)}`,
  notBefore: 'ليس قبل (اختياري)',
  due: 'الموعد (اختياري)',
  phone: 'الهاتف (اختياري)',
  email: 'البريد الإلكتروني (اختياري)',
  note: 'ملاحظة إلى السائق (اختياري)',
  noCustomer: 'أدخل اسم المستلم.',
  noAddress: 'أدخل عنوان التسليم.',
  noMoment: 'أدخل يومًا ووقتًا.',
  noHour: 'تُقدَّم الساعة في تلك الليلة فتتخطى هذا الوقت: اختر وقتًا آخر.',
  twice: 'تُظهر الساعة هذا الوقت مرتين في تلك الليلة: اختر وقتًا آخر.',
  zone: (zone) => `الأوقات بتوقيت ${isolated(zone)}.`,
  past: 'اختر وقتًا لم يحن بعد.',
  reversed: 'هذا قبل وقت «ليس قبل»: اختر وقتًا لاحقًا.',
});
