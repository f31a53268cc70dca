/** Texts for tests: names from all over the world, and characters that somebody might hide in a name. */

/** Some scripts need invisible characters that join letters or keep them apart. */
export const peoplesNames: readonly (readonly [script: string, name: string])[] = [
  ['Latin', 'Zoë O’Brien-Núñez'],
  ['Latin, letters and marks apart', 'Zoe\u0308 Nu\u0301n\u0303ez'],
  ['Latin, Vietnamese', 'Nguyễn Thị Thùy'],
  ['Latin, Yoruba', 'Ọlá Ṣẹ́gun'],
  ['Latin, Hawaiian', 'Kamaka ʻŌpūnui'],
  ['Greek', 'Ελένη Παπαδοπούλου'],
  ['Cyrillic', 'Наталья Щёголева'],
  ['Armenian', 'Անահիտ Պետրոսյան'],
  ['Georgian', 'თამარ მაჩაბელი'],
  ['Hebrew', 'דוד בן־גוריון'],
  ['Hebrew, with its points', 'שָׁלוֹם\u200f!'],
  ['Arabic', 'محمد عبد الله'],
  ['Arabic, with its marks', 'مُحَمَّد'],
  ['Arabic, Persian', 'علی\u200cرضا می\u200cخواهم'],
  ['Syriac', 'ܡܪܝܡ'],
  ['Thaana', 'މުޙައްމަދު'],
  ['Nko', 'ߒߞߏ'],
  ['Adlam', '𞤀𞤣𞤤𞤢𞤥'],
  ['Devanagari', 'प्रिया शर्मा'],
  ['Devanagari, bound', 'क्\u200dष राजेश'],
  ['Bengali', 'রবীন্দ্রনাথ'],
  ['Gurmukhi', 'ਸਿੰਘ'],
  ['Gujarati', 'પટેલ'],
  ['Tamil', 'கார்த்திக்'],
  ['Telugu', 'శ్రీనివాస్'],
  ['Kannada', 'ರಾಜ್\u200cಕುಮಾರ್'],
  ['Malayalam', 'അനൂപ് നായര്\u200d കെ'],
  ['Sinhala', 'ශ්\u200dරී ලංකා'],
  ['Thai', 'สมชาย ใจดี'],
  ['Lao', 'ສົມພອນ'],
  ['Khmer', 'សុខ\u200bវណ្ណៈ'],
  ['Myanmar', 'အောင်ဆန်းစုကြည်'],
  ['Tibetan', 'བསྟན་འཛིན་རྒྱ་མཚོ'],
  ['Ethiopic', 'አበበ ቢቂላ'],
  ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ\u180eᠠ'],
  ['Han', '孔子 司马迁'],
  ['Han, a shape of its own', '葛\u{e0100}城市'],
  ['Han, rare', '𠮷野家'],
  ['Kana', 'さくら ヴァイオレット'],
  ['Hangul', '김민준'],
  ['Hangul, letter by letter', '\u1100\u1175\u11b7'],
  ['Cherokee', 'ᏍᏏᏉᏯ'],
  ['Canadian', 'ᐃᓄᒃᑎᑐᑦ'],
  ['Javanese', 'ꦲꦏ꧀ꦱꦫ'],
  ['Tifinagh, joined', 'ⵣ\u2d7fⵔ'],
  ['Hieroglyphs, joined, with a blank', '\u{13153}\u{13430}\u{133cf} \u{13153}\u{13441}'],
  ['Khitan, filled', '\u{18b00}\u{16fe4}\u{18b01}'],
  ['SignWriting, turned', '\u{1d800}\u{1da9b}\u{1daa1}'],
  ['Pictures', 'Café ☕️ 👩‍🚒 🏳️‍🌈 👍🏽 1️⃣ 🇸🇪'],
  ['Pictures, a flag of tags', 'Whisky 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
  ['Signs', 'A&B №1 “Zoë” – 50 % © €'],
];

interface Attack {
  readonly point: string;
  readonly char: string;
  /** Forbidden even in a text of several lines. */
  readonly harms: boolean;
}

const harmful = [
  ...[0x00, 0x07, 0x08, 0x1b, 0x7f, 0x80, 0x84, 0x9b, 0x9d, 0x9f],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x206a, 0x206f],
  ...[0xfff9, 0xfffb, 0xfffe, 0xffff, 0x1d173, 0xe0001, 0xe0020, 0xe0041, 0xe007f, 0xe0fff],
];
const unwanted = [
  ...[0x09, 0x0a, 0x0d, 0x85, 0x2028, 0x2029],
  ...[0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f],
  ...[0x2060, 0x2061, 0x2064, 0x2800, 0x3164, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xe0100],
  ...[
    0x2d7f, 0xfffc, 0x1107f, 0x13430, 0x13441, 0x13442, 0x16fe4, 0x1bc9d, 0x1bca0, 0x1d159, 0x1da9b, 0x1daa1,
  ],
  ...[0xe000, 0xf8ff, 0xf0000, 0x378, 0x2fe0],
];

/** Each with its character inside the word `red`. */
export const attacks: readonly Attack[] = [
  ...harmful.map((code) => attack(code, true)),
  ...unwanted.map((code) => attack(code, false)),
];

function attack(code: number, harms: boolean): Attack {
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return { point, char: String.fromCodePoint(code), harms };
}
