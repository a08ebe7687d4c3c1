import { type PluralForms, plural } from '../../lib/plural.ts';
import type { TeamTexts } from './texts.ts';

const count = (number: number, forms: PluralForms): string => plural('ar-AE', number, forms);
/** What comes from outside keeps its own direction. */
const as = (text: string): string => `\u2068${text}\u2069`;

export const team: TeamTexts = {
  glance: {
    title: 'نظرة سريعة',
    heat: {
      well: 'الشاشة بخير.',
      hot: 'الشاشة ساخنة. دع الهواء يصل إليها.',
      throttled: 'الشاشة ساخنة جدًا وصارت أبطأ. دع الهواء يصل إليها.',
    },
    disk: room => `المساحة الحرة ${room} غيغابايت.`,
    diskLittle: room => `لم يبق سوى ${room} غيغابايت. أخبر من ركّب الشاشة.`,
    allFound: 'كل قطعة هنا يمكن العثور عليها.',
    unfound: garments =>
      count(garments, {
        zero: 'كل قطعة هنا يمكن العثور عليها',
        one: 'قطعة واحدة لا يصل إليها أي مؤشر بعد',
        two: 'قطعتان لا يصل إليهما أي مؤشر بعد',
        few: '# قطع لا يصل إليها أي مؤشر بعد',
        many: '# قطعة لا يصل إليها أي مؤشر بعد',
        other: '# قطعة لا يصل إليها أي مؤشر بعد',
      }),
    look: 'اعرضها',
  },
  unfound: {
    title: 'قطع لا يصل إليها أي مؤشر بعد',
    hint: 'هي في القائمة، لكن تحريك المؤشرات لا يوصل إليها. المس قطعة لترى ما يفيد.',
    none: 'كل قطعة هنا يمكن العثور عليها. أحسنتم.',
    more: garments =>
      count(garments, {
        zero: 'لا غير.',
        one: 'وقطعة أخرى.',
        two: 'وقطعتان أخريان.',
        few: 'و# قطع أخرى.',
        many: 'و# قطعة أخرى.',
        other: 'و# قطعة أخرى.',
      }),
    reasons: {
      'no-picture': 'لم يصوّرها أحد بعد.',
      waiting: 'صورتها تنتظر دورها.',
      'picture-unreadable': 'صورتها مفقودة أو تالفة.',
      'picture-too-large': 'صورتها كبيرة جدًا.',
      'inference-failed': 'لم تستطع الشاشة أن تفهم صورتها.',
      unknown: 'تعذّر أخذ صورتها.',
    },
    steps: {
      'no-picture': 'صورة واحدة، ويجدها الزبائن.',
      waiting: 'انتظر دقيقة. إن بقيت هنا فأعد المحاولة.',
      'picture-unreadable': 'إن أصلح أحد الصورة فأعد المحاولة، وإلا فالتقط صورة جديدة.',
      'picture-too-large': 'أسرع حل صورة جديدة.',
      'inference-failed': 'أعد المحاولة مرة. إن لم ينفع ذلك فالصورة الجديدة تنفع.',
      unknown: 'أعد المحاولة أو التقط صورة جديدة.',
    },
    photograph: 'التقاط صورة جديدة',
    again: 'إعادة المحاولة',
    trying: 'جارٍ المحاولة…',
    letBe: 'تركها كما هي',
    found: title => `صار العثور على ${as(title)} ممكنًا.`,
  },
  openNaming: 'تسمية المؤشرات',
  naming: {
    title: 'أسماء المؤشرات',
    hint: 'المس مؤشرًا وحرّكه وسمّه بما تراه. ما تسمّيه يصير اسمه من الآن.',
    byYou: 'اسم منكم',
    byModel: 'اسمه الأصلي',
    unnamed: 'بلا اسم بعد',
    preview: 'هكذا يظهر في الواجهة',
    otherGarment: 'قطعة أخرى',
    inLanguage: 'بأي لغة؟',
    fieldsLabel: 'كلمات المؤشر',
    field: { low: 'عند −', name: 'الاسم', high: 'عند +' },
    letters: 'ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآةىءؤئ',
    otherForm: null,
    nameFirst: language => `${as(language)}: الاسم أولًا، ثم كلمتا الطرفين.`,
    save: 'حفظ',
    saving: 'جارٍ الحفظ…',
    saved: 'حُفظ. كل الشاشات تقوله الآن.',
    undo: 'تراجع',
    ownWords: 'العودة إلى كلماته الأصلية',
  },
};
