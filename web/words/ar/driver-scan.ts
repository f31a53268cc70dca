import type { Words } from '../en/driver-scan.ts';
import { isolated } from '../formats.ts';

export const messages = (): Words => ({
  title: 'الطرد الممسوح',
  scan: 'مسح ملصق',
  noLabel: 'هذا ليس ملصق طرد ولا رقم عرض أو محطة.',
  asking: 'جارٍ سؤال المركز…',
  unknown: 'لا يوجد طرد كهذا لك.',
  claim: 'احجز',
  takenBy: (name) => `حجزه ${isolated(name)}.`,
  close: 'إغلاق',
});
