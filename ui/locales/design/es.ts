import { type PluralForms, plural } from '../../lib/plural.ts';
import type { DesignTexts } from './texts.ts';

const count = (number: number, forms: PluralForms): string => plural('es-ES', number, forms);

export const design: DesignTexts = {
  pick: '¿Qué va a ser?',
  here: garments => count(garments, { one: '# aquí', other: '# aquí' }),

  filters: 'Solo mostrar',
  rooms: { sizes: 'Talla', colours: 'Color', price: 'Precio' },
  any: { sizes: 'cualquier talla', colours: 'cualquier color', price: 'cualquier precio' },
  ask: { sizes: '¿Qué tallas te quedan?', colours: '¿Qué colores te gustan?', price: '¿Cuánto puede costar?' },
  upTo: price => `menos de ${price}`,
  between: (from, to) => `de ${from} a ${to}`,
  from: price => `${price} y más`,
  done: 'Listo',
  clear: 'Me da igual',
  leaves: (choice, garments) => `${choice} ${garments} ${count(garments, { one: 'prenda', other: 'prendas' })}`,
  widen: {
    sizes: 'Buscar en todas las tallas',
    colours: 'Buscar en todos los colores',
    price: 'Buscar a cualquier precio',
    all: 'Buscar en todo',
  },

  whatMatters: '¿Qué te importa?',
  tapWhatMatters: 'Toca lo que te importa',
  matters: 'Esto me importa',
  mattersNot: '¿Te importa?',
  closeInWhatMatters: 'Cerca en lo que te importa.',
  whatStays: 'Dejar algo fijo',
  tapWhatStays: 'Toca lo que debe quedarse igual',
  stays: 'Se queda igual',
  staysNot: 'Puede cambiar',
  spokenMatters: 'te importa',
  spokenStays: 'fijo',

  goesWith: 'Combina con',
  nothingGoesWith: 'Aquí no hay nada más en un color que combine.',

  keep: 'Guardar',
  kept: 'Guardado',
  shelfFull: 'Ya no cabe más. Quita primero algo.',
  shelf: garments => `Guardado: ${count(garments, { one: '# prenda', other: '# prendas' })}`,
  shelfTitle: 'Lo que guardas',
  shelfEmpty: 'Nada todavía. Toca una prenda y luego Guardar.',
  letGo: title => `Quitar: ${title}`,
  goneFromStore: 'ya no está aquí',

  blend: 'Mezclar con la mía',
  blendTitle: 'Entre la tuya y esta',
  blendMine: 'la tuya',
  blendTheirs: 'esta',
  blendPlace: percent => `${percent} de 100 hacia esta`,
  blendTake: 'Llevarme esta',
  blendBack: 'Volver a la mía',
};
