import type { TeamTexts } from './texts.ts';

export const team: TeamTexts = {
  glance: {
    title: 'De un vistazo',
    heat: {
      well: 'La pantalla está bien.',
      hot: 'La pantalla está caliente: deja que le llegue el aire.',
      throttled: 'La pantalla está demasiado caliente y va más lenta: deja que le llegue el aire.',
    },
    disk: room => `Quedan ${room} GB de espacio.`,
    diskLittle: room => `Solo quedan ${room} GB libres. Avisa a quien instaló la pantalla.`,
    allFound: 'Aquí se encuentran todas las prendas.',
    unfound: garments =>
      garments === 1
        ? 'Una prenda que ningún control encuentra todavía'
        : `${garments} prendas que ningún control encuentra todavía`,
    look: 'Ver cuáles',
  },
  unfound: {
    title: 'Ningún control las encuentra todavía',
    hint: 'Están en la lista, pero ningún control lleva a ellas. Toca una para ver qué ayuda.',
    none: 'Aquí se encuentran todas las prendas. Muy bien.',
    more: garments => (garments === 1 ? 'Y una más.' : `Y ${garments} más.`),
    reasons: {
      'no-picture': 'Nadie la ha fotografiado todavía.',
      waiting: 'Su imagen espera su turno.',
      'picture-unreadable': 'Su imagen falta o está dañada.',
      'picture-too-large': 'Su imagen es demasiado grande.',
      'inference-failed': 'La pantalla no pudo entender su imagen.',
      unknown: 'Su imagen no se pudo recoger.',
    },
    steps: {
      'no-picture': 'Una foto, y ya se encuentra.',
      waiting: 'Espera un minuto. Si sigue aquí, inténtalo otra vez.',
      'picture-unreadable': 'Si alguien ha arreglado la imagen, inténtalo otra vez. Si no, haz una nueva.',
      'picture-too-large': 'Lo más rápido es una foto nueva.',
      'inference-failed': 'Inténtalo una vez más. Si no ayuda, ayudará una foto nueva.',
      unknown: 'Inténtalo otra vez o haz una foto nueva.',
    },
    photograph: 'Hacer una foto nueva',
    again: 'Intentarlo otra vez',
    trying: 'Un momento…',
    letBe: 'Dejarla así',
    found: title => `Ya se encuentra «${title}».`,
  },
  openNaming: 'Nombrar los controles',
  naming: {
    title: 'Nombres de los controles',
    hint: 'Toca un control, muévelo y llámalo como lo ves. Lo que digas cuenta desde entonces.',
    byYou: 'nombre tuyo',
    byModel: 'su propio nombre',
    unnamed: 'sin nombre todavía',
    preview: 'En el escaparate',
    otherGarment: 'Otra prenda',
    inLanguage: '¿En qué idioma?',
    fieldsLabel: 'Las palabras del control',
    field: { low: 'En −', name: 'Nombre', high: 'En +' },
    letters: 'abcdefghijklmnñopqrstuvwxyzáéíóúü-&',
    otherForm: 'ABC',
    nameFirst: language => `${language}: primero un nombre, luego las palabras de los extremos.`,
    save: 'Guardar',
    saving: 'Guardando…',
    saved: 'Guardado. Todas las pantallas lo dicen ya.',
    undo: 'Deshacer',
    ownWords: 'Volver a sus propias palabras',
  },
};
