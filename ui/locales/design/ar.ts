import { type PluralForms, plural } from '../../lib/plural.ts';
import type { DesignTexts } from './texts.ts';

const count = (number: number, forms: PluralForms): string => plural('ar-AE', number, forms);
/** What a catalogue wrote, in whatever direction: it does not turn the words around it. */
const as = (written: string): string => `\u2068${written}\u2069`;
const garmentsOf = (garments: number): string =>
  count(garments, {
    zero: 'لا قطع',
    one: 'قطعة واحدة',
    two: 'قطعتان',
    few: '# قطع',
    many: '# قطعة',
    other: '# قطعة',
  });

export const design: DesignTexts = {
  pick: 'ماذا تريد أن تصمّم؟',
  here: garments => `هنا ${garmentsOf(garments)}`,

  filters: 'عرض هذا فقط',
  rooms: { sizes: 'المقاس', colours: 'اللون', price: 'السعر' },
  any: { sizes: 'كل المقاسات', colours: 'كل الألوان', price: 'كل الأسعار' },
  ask: { sizes: 'ما المقاسات التي تناسبك؟', colours: 'ما الألوان التي تحبها؟', price: 'كم يمكن أن يكلّف؟' },
  upTo: price => `أقل من ${as(price)}`,
  between: (from, to) => `من ${as(from)} إلى ${as(to)}`,
  from: price => `${as(price)} فأكثر`,
  done: 'تم',
  clear: 'لا فرق عندي',
  leaves: (choice, garments) =>
    `${as(choice)} ${garments} ${count(garments, { zero: 'قطع', few: 'قطع', other: 'قطعة' })}`,
  widen: {
    sizes: 'البحث في كل المقاسات',
    colours: 'البحث في كل الألوان',
    price: 'البحث بكل الأسعار',
    all: 'البحث في كل شيء',
  },

  whatMatters: 'ما المهم عندك؟',
  tapWhatMatters: 'المس ما يهمّك',
  matters: 'هذا يهمّني',
  mattersNot: 'هل يهمّك؟',
  closeInWhatMatters: 'قريب فيما يهمّك.',
  whatStays: 'تثبيت بعضها',
  tapWhatStays: 'المس ما يجب أن يبقى كما هو',
  stays: 'يبقى كما هو',
  staysNot: 'قد يتغيّر',
  spokenMatters: 'يهمّك',
  spokenStays: 'مثبّت',

  goesWith: 'يليق به',
  nothingGoesWith: 'لا شيء آخر هنا بلون يليق به.',

  keep: 'احتفاظ',
  kept: 'محفوظ',
  shelfFull: 'رفّك ممتلئ. اترك شيئًا أولًا.',
  shelf: garments => `محفوظ: ${garmentsOf(garments)}`,
  shelfTitle: 'ما تحتفظ به',
  shelfEmpty: 'لا شيء بعد. المس قطعة ثم احتفاظ.',
  letGo: title => `عدم الاحتفاظ: ${as(title)}`,
  goneFromStore: 'لم تعد هنا',

  blend: 'مزجها مع قطعتي',
  blendTitle: 'بين قطعتك وهذه',
  blendMine: 'قطعتك',
  blendTheirs: 'هذه',
  blendPlace: percent => `${percent} من 100 نحو هذه`,
  blendTake: 'أريدها هكذا',
  blendBack: 'العودة إلى قطعتي',
};
