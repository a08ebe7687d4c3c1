import { type PluralForms, plural } from '../../lib/plural.ts';
import type { DesignTexts } from './texts.ts';

const count = (number: number, forms: PluralForms): string => plural('fr-FR', number, forms);

export const design: DesignTexts = {
  pick: 'Qu’est-ce que ce sera\u00a0?',
  here: garments => count(garments, { one: '# ici', other: '# ici' }),

  filters: 'Ne montrer que',
  rooms: { sizes: 'Taille', colours: 'Couleur', price: 'Prix' },
  any: { sizes: 'toute taille', colours: 'toute couleur', price: 'tout prix' },
  ask: {
    sizes: 'Quelles tailles vous vont\u00a0?',
    colours: 'Quelles couleurs aimez-vous\u00a0?',
    price: 'Combien cela peut-il coûter\u00a0?',
  },
  upTo: price => `moins de ${price}`,
  between: (from, to) => `de ${from} à ${to}`,
  from: price => `${price} et plus`,
  done: 'C’est bon',
  clear: 'Peu importe',
  leaves: (choice, garments) => `${choice} ${garments} ${count(garments, { one: 'vêtement', other: 'vêtements' })}`,
  widen: {
    sizes: 'Chercher dans toutes les tailles',
    colours: 'Chercher dans toutes les couleurs',
    price: 'Chercher à tous les prix',
    all: 'Chercher partout',
  },

  whatMatters: 'Qu’est-ce qui compte\u00a0?',
  tapWhatMatters: 'Touchez ce qui compte pour vous',
  matters: 'Cela compte pour moi',
  mattersNot: 'Cela compte-t-il\u00a0?',
  closeInWhatMatters: 'Proche dans ce qui compte pour vous.',
  whatStays: 'En garder tel quel',
  tapWhatStays: 'Touchez ce qui ne doit pas changer',
  stays: 'Reste tel quel',
  staysNot: 'Peut changer',
  spokenMatters: 'compte pour vous',
  spokenStays: 'gardé tel quel',

  goesWith: 'Va bien avec',
  nothingGoesWith: 'Rien d’autre ici dans une couleur qui aille avec.',

  keep: 'Garder',
  kept: 'Gardés',
  shelfFull: 'Votre étagère est pleine. Retirez d’abord quelque chose.',
  shelf: garments => `Gardés\u00a0: ${count(garments, { one: '# vêtement', other: '# vêtements' })}`,
  shelfTitle: 'Ce que vous gardez',
  shelfEmpty: 'Rien encore. Touchez un vêtement, puis Garder.',
  letGo: title => `Ne plus garder\u00a0: ${title}`,
  goneFromStore: 'n’est plus ici',

  blend: 'Mêler au mien',
  blendTitle: 'Entre le vôtre et celui-ci',
  blendMine: 'le vôtre',
  blendTheirs: 'celui-ci',
  blendPlace: percent => `à ${percent} sur 100 vers celui-ci`,
  blendTake: 'Prendre ainsi',
  blendBack: 'Revenir au mien',
};
