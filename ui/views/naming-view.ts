import { html, LitElement, nothing } from 'lit';
import type { Dial, Model } from '../../device/api/model-schemas.ts';
import type { DialChange } from '../elements/dial.ts';
import '../elements/dial.ts';
import type { LetterPad, LetterTyped } from '../elements/letter-pad.ts';
import '../elements/letter-pad.ts';
import '../elements/stage.ts';
import '../elements/swatch.ts';
import { FIELDS, type Field, nameless } from '../lib/dial-draft.ts';
import { Follow } from '../lib/follow.ts';
import { dialWords, inWindowOrder, namesOf } from '../lib/say.ts';
import { drawing } from '../lib/screen.ts';
import { troubleWords } from '../lib/trouble.ts';
import { LANGUAGES, type Language, LOCALES } from '../locales/index.ts';
import type { Texts } from '../locales/texts.ts';
import type { Naming } from '../state/naming.ts';
import { base } from '../styles/tokens.ts';
import { namingStyle } from './naming-style.ts';
import { staffChoicesStyle } from './staff-choices-style.ts';
import { staffStyle } from './staff-style.ts';

/** Part of the staff's page: a dial is chosen, turned, and named, and stands there as it will in the shop window. */
export class NamingView extends LitElement {
  static override properties = { naming: { attribute: false }, texts: { attribute: false } };
  static override styles = [base, staffStyle, staffChoicesStyle, namingStyle];

  declare naming: Naming;
  declare texts: Texts;

  constructor() {
    super();
    new Follow(this, () => this.naming);
  }

  override render(): unknown {
    const { naming } = this;
    const { model, dial } = naming;
    return html`<p class="status" role=${naming.trouble === undefined ? 'status' : 'alert'}>${this.#status()}</p>
      ${model === undefined ? nothing : naming.step === 'dial' && dial !== undefined ? this.#one(model, dial) : this.#list(model)}`;
  }

  /** Keys of a keyboard, where no button has them already. */
  press(key: string): void {
    this.renderRoot.querySelector<LetterPad>('ld-letter-pad')?.press(key);
  }

  #status(): string {
    const { naming, texts } = this;
    const { trouble, draft, saved } = naming;
    const words = texts.staff.naming;
    if (trouble !== undefined) return troubleWords(trouble, texts);
    const [first] = nameless(draft);
    if (naming.step === 'dial' && first !== undefined) return words.nameFirst(LOCALES[first].name);
    return saved ? words.saved : '';
  }

  #list(model: Model): unknown {
    const words = this.texts.staff.naming;
    return html`<p>${words.hint}</p>
      <ul class="list">${inWindowOrder(model.dials).map((dial, at) => html`<li>${this.#choice(model, dial, at + 1)}</li>`)}</ul>`;
  }

  #choice({ picture }: Model, dial: Dial, position: number): unknown {
    const { naming, texts } = this;
    const words = texts.staff.naming;
    const { name, low, high } = namesOf(dial, texts);
    const ends = naming.ends.of(dial.index);
    const by = Object.keys(dial.words).length > 0 ? words.byYou : name === null ? words.unnamed : words.byModel;
    return html`<button data-dial=${dial.index} @click=${() => void naming.choose(dial.index)}>
      <ld-swatch .picture=${ends?.low} .sharpen=${picture.sharpen}></ld-swatch>
      <span><b>${name ?? texts.unnamedDial(position)}</b>${low === null || high === null ? nothing : html`<small>${`${low} – ${high}`}</small>`}<small>${by}</small></span>
      <ld-swatch .picture=${ends?.high} .sharpen=${picture.sharpen}></ld-swatch>
    </button>`;
  }

  #one(model: Model, dial: Dial): unknown {
    return html`<div class="work">
      <div class="window">${this.#window(model, dial)}</div>
      <div class="writing">${this.#writing()}</div>
    </div>`;
  }

  /** The dial as shoppers will see it, in the language that is written in. */
  #window({ picture, range }: Model, { own, density, index }: Dial): unknown {
    const { naming, texts } = this;
    const words = texts.staff.naming;
    const spoken = LOCALES[naming.language];
    const named = { own, words: naming.words };
    const { value } = naming;
    const { low, high } = namesOf(named, spoken);
    const ends = naming.ends.of(index);
    return html`
      <div class="head"><small>${words.preview}</small>
        <button class="quiet other" @click=${() => void naming.otherGarment()}>${words.otherGarment}</button></div>
      <ld-stage .picture=${naming.picture} .sharpen=${picture.sharpen} .label=${texts.stage} .drawing=${drawing(location.search)}></ld-stage>
      <ld-dial
        lang=${naming.language}
        dir=${spoken.direction}
        .words=${dialWords(named, naming.position, { value, range, matters: false, locked: false }, spoken)}
        .ends=${low !== null && high !== null}
        .value=${value}
        .range=${range}
        .density=${density}
        .low=${ends?.low}
        .high=${ends?.high}
        .fresh=${ends?.fresh ?? false}
        .sharpen=${picture.sharpen}
        @input=${(event: CustomEvent<DialChange>) => naming.turn(event.detail.value)}
      ></ld-dial>`;
  }

  #writing(): unknown {
    const { naming, texts } = this;
    const words = texts.staff.naming;
    return html`
      <div class="languages" role="group" aria-label=${words.inLanguage}>${LANGUAGES.map(language => this.#language(language))}</div>
      <div class="fields" role="group" aria-label=${words.fieldsLabel} lang=${naming.language} dir=${LOCALES[naming.language].direction}>${FIELDS.map(field => this.#field(field))}</div>
      ${this.#pad()}
      <div class="acts">
        <button class="strong save" ?disabled=${!naming.canSave} @click=${() => void naming.save()}>${naming.saving ? words.saving : words.save}</button>
        <button class="quiet undo" ?disabled=${!naming.canUndo} @click=${() => void naming.undo()}>${words.undo}</button>
        <button class="quiet own" ?disabled=${!naming.canForget} @click=${() => void naming.forgetWords()}>${words.ownWords}</button>
      </div>`;
  }

  #language(language: Language): unknown {
    const { naming } = this;
    const { name, direction } = LOCALES[language];
    const has = naming.draft[language].name !== '';
    return html`<button
      lang=${language}
      dir=${direction}
      class=${has ? 'has' : ''}
      aria-pressed=${naming.language === language}
      @click=${() => naming.speak(language)}
    >${name}</button>`;
  }

  #field(field: Field): unknown {
    const { naming, texts } = this;
    const label = texts.staff.naming.field[field];
    const isHere = naming.field === field;
    const text = naming.draft[naming.language][field];
    return html`<button class=${field} aria-pressed=${isHere} @click=${() => naming.write(field)}>
      <small lang=${texts.locale} dir=${texts.direction}>${label}</small><b>${text}${isHere ? html`<i></i>` : nothing}</b>
    </button>`;
  }

  #pad(): unknown {
    const { naming, texts } = this;
    const { language, field, draft } = naming;
    const { letters, otherForm } = LOCALES[language].staff.naming;
    const { space, erase } = texts.staff.garments;
    const begins = field === 'name' && language !== 'ja';
    return html`<ld-letter-pad
      lang=${language}
      .words=${{ letters, space, erase, ...(otherForm === null ? {} : { other: otherForm }) }}
      .text=${draft[language][field]}
      ?begins=${begins}
      ?backwards=${LOCALES[language].direction === 'rtl'}
      @letters=${(event: CustomEvent<LetterTyped>) => naming.type(event.detail.text)}
    ></ld-letter-pad>`;
  }
}

customElements.define('ld-naming', NamingView);
