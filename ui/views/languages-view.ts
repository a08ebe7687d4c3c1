import { css, html } from 'lit';
import { Panel } from '../elements/panel.ts';
import { LANGUAGES, type Language, LOCALES } from '../locales/index.ts';
import { panelStyle } from '../styles/panel.ts';
import { base } from '../styles/tokens.ts';

export interface LanguageChosen {
  readonly language: Language;
}

/** Every language by its own name. @fires speak One was chosen, `detail.language`. @fires close It was put away. */
export class LanguagesView extends Panel {
  static override styles = [
    base,
    panelStyle,
    css`
      div.languages {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0.75rem;
      }

      div.languages button {
        min-height: calc(var(--target) * 1.2);
        border-radius: var(--radius);
        box-shadow: inset 0 0 0 1.5px var(--line);
        font: 460 var(--text-large) / 1.3 var(--serif);
        text-align: center;
      }

      [aria-pressed='true'] {
        box-shadow: inset 0 0 0 3px var(--accent) !important;
        color: var(--accent);
      }
    `,
  ];

  protected override content(): unknown {
    const { texts } = this;
    return html`<h2 id="title">${texts.language}</h2>
      <div class="languages">
        ${LANGUAGES.map(
          name => html`<button lang=${name} aria-pressed=${LOCALES[name] === texts} @click=${() => this.#speak(name)}>
            ${LOCALES[name].name}
          </button>`,
        )}
      </div>`;
  }

  #speak(language: Language): void {
    this.dispatchEvent(new CustomEvent<LanguageChosen>('speak', { detail: { language } }));
    this.put();
  }
}

customElements.define('ld-languages', LanguagesView);
