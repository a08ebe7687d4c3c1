import { html, type TemplateResult } from 'lit';
import type { Model } from '../../device/api/model-schemas.ts';
import { lettersOf } from '../lib/fonts.ts';
import { drawing } from '../lib/screen.ts';
import { LOCALES } from '../locales/index.ts';
import type { Texts } from '../locales/texts.ts';
import type { Visit } from '../state/visit.ts';
import type { Walk } from '../state/walk.ts';
import './attract-view.ts';
import './call-view.ts';
import type { LanguageChosen } from './languages-view.ts';
import './languages-view.ts';
import './take-away-view.ts';

interface Shown {
  readonly visit: Visit;
  readonly texts: Texts;
  readonly model: Model;
  readonly shop: string;
  readonly page: string | null;
}

interface Window extends Omit<Shown, 'page'> {
  readonly walk: Walk;
  /** It has been touched, and lets what is under it be seen. */
  readonly leaving: boolean;
}

/** What is over everything while nobody is there. */
export const shopWindow = ({ visit, texts, model, shop, walk, leaving }: Window, enter: () => void): TemplateResult =>
  html`<ld-attract
    role="main"
    ?leaving=${leaving}
    ?inert=${leaving}
    .walk=${walk}
    .model=${model}
    .shop=${shop}
    .texts=${texts}
    .drawing=${drawing(location.search)}
    @speak=${speaks(visit)}
    @enter=${enter}
  ></ld-attract>`;

/** Speaks a language once its letters are there. */
export const speaks =
  (visit: Visit) =>
  async ({ detail }: CustomEvent<LanguageChosen>): Promise<void> => {
    await lettersOf(LOCALES[detail.language]);
    visit.speak(detail.language);
  };

/** What the buttons along the lower edge open. */
export function visitSheets({ visit, texts, model, shop, page }: Shown): TemplateResult {
  const close = (sheet: Visit['sheet']) => (): void => {
    // Another may have been opened since.
    if (visit.sheet === sheet) visit.open(undefined);
  };
  return html`
    <ld-languages
      .open=${visit.sheet === 'languages'}
      .texts=${texts}
      @speak=${speaks(visit)}
      @close=${close('languages')}
    ></ld-languages>
    <ld-take-away
      .open=${visit.sheet === 'kept'}
      .kept=${visit.kept}
      .model=${model}
      .shop=${shop}
      .page=${page}
      .language=${visit.language}
      .texts=${texts}
      @close=${close('kept')}
    ></ld-take-away>
    <ld-call .open=${visit.sheet === 'call'} .calling=${visit.calling} .texts=${texts} @close=${close('call')}></ld-call>
  `;
}
