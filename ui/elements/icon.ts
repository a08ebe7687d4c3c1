import { svg, type TemplateResult } from 'lit';

/** Drawn with one pen on a grid of 24, as one would chalk them on cloth. */
const PATHS = {
  undo: 'M9 7 4.5 11.5 9 16M5 11.5h9a5 5 0 0 1 0 10h-2',
  redo: 'M15 7l4.5 4.5L15 16M19 11.5h-9a5 5 0 0 0 0 10h2',
  reset: 'M4.5 12a7.5 7.5 0 1 0 2.6-5.7M4.5 3.5v4.2h4.2',
  surprise: 'M12 3v5M12 16v5M3 12h5M16 12h5M6 6l2.6 2.6M15.4 15.4 18 18M18 6l-2.6 2.6M8.6 15.4 6 18',
  map: 'M3.5 6.5 9 4.5l6 2 5.5-2v13l-5.5 2-6-2-5.5 2zM9 4.5v13M15 6.5v13',
  close: 'M5.5 5.5l13 13M18.5 5.5l-13 13',
  minus: 'M5 12h14',
  plus: 'M5 12h14M12 5v14',
  hanger:
    'M9.8 6.2a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .9-1 1.6v.6M12 10.4 3.4 16.6c-1 .8-.5 2.4.8 2.4h15.6c1.3 0 1.8-1.6.8-2.4L12 10.4z',
  turn: 'M5 9.5 12 16l7-6.5',
  erase: 'M9 5.5h11.5v13H9L3 12zM11.5 9.5l5 5M16.5 9.5l-5 5',
  heart: 'M12 19.5 5.2 12.8a4.3 4.3 0 0 1 6.1-6.1l.7.7.7-.7a4.3 4.3 0 0 1 6.1 6.1z',
  lock: 'M6.5 11h11v8.5h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  ribbon: 'M7 4.5h10v15l-5-4-5 4z',
  done: 'M4.5 12.5 10 18 19.5 6.5',
  language: 'M3.5 12h17M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17c-5 5-5 12 0 17 5-5 5-12 0-17',
  larger: 'M3 19 8.5 5.5 14 19M5 14.5h7M17.5 8v7M14 11.5h7',
  contrast: 'M12 3.5a8.5 8.5 0 1 0 0 17zM12 3.5a8.5 8.5 0 0 1 0 17M9 6v12M6 8v8',
  lower: 'M12 3.5v12M6.5 10.5 12 16l5.5-5.5M4.5 20.5h15',
  kept: 'M6.5 3.5h11v17L12 16l-5.5 4.5z',
  call: 'M12 3.5v1.5M5 16.5c1.5-1.5 1.5-3 1.5-5a5.5 5.5 0 0 1 11 0c0 2 0 3.5 1.5 5zM10 19.5a2.2 2.2 0 0 0 4 0',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon the size of the text around it; it says nothing by itself, so the button must have a name. */
export const icon = (name: IconName): TemplateResult<2> => svg`
  <svg class="icon" data-sign=${name} viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" stroke="currentColor"
    stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d=${PATHS[name]}></path></svg>`;
