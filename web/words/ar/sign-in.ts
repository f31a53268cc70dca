import type { Words } from '../en/sign-in.ts';
import { type Formats, phrase } from '../formats.ts';

const forHolders = { vendor: 'لمتجر', driver: 'لسائق', admin: 'لقسم التوزيع' };

export const messages = (f: Formats): Words => ({
  signIn: 'تسجيل الدخول',
  enter: 'أدخل المفتاح.',
  label: 'مفتاح الدخول',
  ask: 'يطلب هذا المركز مفتاح دخول. افتح الرابط الذي أُعطي لك، أو الصقه هنا، أو الصق المفتاح وحده.',
  otherRole: (holder, wanted) =>
    `هذا المفتاح ${forHolders[holder]}؛ وهذه الصفحة تتطلب مفتاحًا ${forHolders[wanted]}.`,
  others: (others, wanted) =>
    `${others.length === 1 ? 'مفتاحك' : 'مفاتيحك'} ${f.list(others.map((one) => forHolders[one]))}؛ وهذه الصفحة ${forHolders[wanted]}.`,
  open: (page) => `افتح ${page}`,
  another: 'يفتحها أيضًا مفتاح لهذه الصفحة أو رابط يحمله.',
  source: (setting) =>
    phrase`لا مفتاح بعد؟ اطلب رابطك من قسم التوزيع، فهو يصدر المفاتيح في صفحة السجل. أما أول مفتاح، ${setting}، فقد عيّنه من يشغّل المركز، وهو لقسم التوزيع.`,
  sourceOfAdmin: (setting) =>
    phrase`لا مفتاح بعد؟ أول مفتاح هو إعداد المركز ${setting} الذي عيّنه من يشغّله. يفتح هذه الصفحة، ومنها تُصدر بقية المفاتيح.`,
});
