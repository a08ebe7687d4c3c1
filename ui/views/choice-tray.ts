import { html, LitElement, nothing } from 'lit';
import type { Facets } from '../../device/api/choice-schemas.ts';
import type { Choice, ChoiceChosen } from '../elements/choices.ts';
import '../elements/choices.ts';
import { type Filters, isChosen, type Room, sameBand, toggled, without } from '../lib/filters.ts';
import { bandWords } from '../lib/say-choices.ts';
import { inWords } from '../lib/words.ts';
import type { Texts } from '../locales/texts.ts';
import { base } from '../styles/tokens.ts';
import { trayStyle } from '../styles/tray.ts';

/**
 * What can be chosen in one room of the filter, in the dials' place.
 * @fires filters Other filters are chosen, `detail`. @fires done It is to be put away.
 */
export class ChoiceTray extends LitElement {
  static override properties = {
    room: {},
    facets: { attribute: false },
    filters: { attribute: false },
    currency: {},
    texts: { attribute: false },
  };
  static override styles = [base, trayStyle];

  declare room: Room;
  declare facets: Facets | undefined;
  declare filters: Filters;
  declare currency: string | null;
  declare texts: Texts;

  override render(): unknown {
    const { room, filters, texts } = this;
    const { design } = texts;
    return html`
      <header>
        <h2>${design.ask[room]}</h2>
        ${
          isChosen(filters, room)
            ? html`<button class="clear" @click=${() => this.#say(without(filters, room))}>${design.clear}</button>`
            : nothing
        }
        <button class="done" @click=${this.#onDone}>${design.done}</button>
      </header>
      <ld-choices
        .choices=${this.#choices()}
        .label=${design.rooms[room]}
        @choose=${({ detail }: CustomEvent<ChoiceChosen>) => this.#choose(detail.name)}
      ></ld-choices>
    `;
  }

  #choices(): Choice[] {
    const { room, facets, filters, texts } = this;
    if (facets === undefined) return [];
    const choice = (name: string, words: string, garments: number, chosen: boolean, image?: string): Choice => ({
      name,
      words,
      garments,
      spoken: texts.design.leaves(words, garments),
      chosen,
      image,
    });
    if (room === 'price') {
      return facets.prices.map((band, at) =>
        choice(`${at}`, bandWords(band, this.currency, texts), band.garments, sameBand(filters.price, band)),
      );
    }
    return facets[room].map(({ name, garments, ...shown }) => {
      const image = 'image' in shown ? (shown.image ?? undefined) : undefined;
      return choice(name, inWords(name, texts.words), garments, filters[room].includes(name), image);
    });
  }

  #choose(name: string): void {
    const { room, filters, facets } = this;
    if (room !== 'price') {
      this.#say({ ...filters, [room]: toggled(filters[room], name) });
      return;
    }
    const { min, max } = facets?.prices[Number(name)] ?? {};
    const band = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
    this.#say({ ...filters, price: sameBand(filters.price, band) ? undefined : band });
  }

  #say(filters: Filters): void {
    this.dispatchEvent(new CustomEvent<Filters>('filters', { detail: filters }));
  }

  readonly #onDone = (): void => {
    this.dispatchEvent(new CustomEvent('done'));
  };
}

customElements.define('ld-choice-tray', ChoiceTray);
