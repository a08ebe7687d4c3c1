import type { TeamTexts } from './texts.ts';

export const team: TeamTexts = {
  glance: {
    title: 'En un coup d’œil',
    heat: {
      well: 'L’écran va bien.',
      hot: 'L’écran a chaud\u00a0: laissez-le respirer.',
      throttled: 'L’écran a trop chaud et ralentit\u00a0: laissez-le respirer.',
    },
    disk: room => `Encore ${room}\u00a0Go de place.`,
    diskLittle: room => `Plus que ${room}\u00a0Go libres. Prévenez qui a installé l’écran.`,
    allFound: 'Chaque vêtement peut être trouvé ici.',
    unfound: garments =>
      garments === 1
        ? 'Un vêtement qu’aucune molette ne trouve encore'
        : `${garments} vêtements qu’aucune molette ne trouve encore`,
    look: 'Lesquels',
  },
  unfound: {
    title: 'Qu’aucune molette ne trouve encore',
    hint: 'Ils sont dans la liste, mais aucune molette ne mène à eux. Touchez-en un pour voir ce qui aide.',
    none: 'Chaque vêtement peut être trouvé ici. Bravo.',
    more: garments => (garments === 1 ? 'Et encore un.' : `Et ${garments} autres.`),
    reasons: {
      'no-picture': 'Personne ne l’a encore photographié.',
      waiting: 'Son image attend son tour.',
      'picture-unreadable': 'Son image manque ou est abîmée.',
      'picture-too-large': 'Son image est trop grande.',
      'inference-failed': 'L’écran n’a rien pu tirer de son image.',
      unknown: 'Son image n’a pas pu être prise.',
    },
    steps: {
      'no-picture': 'Une photo, et on le trouve.',
      waiting: 'Attendez une minute. S’il reste ici, réessayez.',
      'picture-unreadable': 'Si quelqu’un a réparé l’image depuis, réessayez. Sinon, prenez-en une nouvelle.',
      'picture-too-large': 'Une nouvelle photo est le plus rapide.',
      'inference-failed': 'Réessayez une fois. Si rien ne change, une nouvelle photo aidera.',
      unknown: 'Réessayez, ou prenez une nouvelle photo.',
    },
    photograph: 'Prendre une nouvelle photo',
    again: 'Réessayer',
    trying: 'Un instant…',
    letBe: 'Laisser ainsi',
    found: title => `On trouve maintenant «\u00a0${title}\u00a0».`,
  },
  openNaming: 'Nommer les molettes',
  naming: {
    title: 'Noms des molettes',
    hint: 'Touchez une molette, tournez-la et nommez ce que vous voyez. Votre nom compte dès lors.',
    byYou: 'nommée par vous',
    byModel: 'son propre nom',
    unnamed: 'pas encore de nom',
    preview: 'Dans la vitrine',
    otherGarment: 'Un autre vêtement',
    inLanguage: 'Dans quelle langue\u00a0?',
    fieldsLabel: 'Les mots de la molette',
    field: { low: 'Côté −', name: 'Nom', high: 'Côté +' },
    letters: 'abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûü-’&',
    otherForm: 'ABC',
    nameFirst: language => `${language}\u00a0: d’abord un nom, puis les mots des deux côtés.`,
    save: 'Enregistrer',
    saving: 'Enregistrement…',
    saved: 'C’est enregistré. Tous les écrans le disent.',
    undo: 'Annuler',
    ownWords: 'Revenir à ses propres mots',
  },
};
