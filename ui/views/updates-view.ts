import { css, html, LitElement, nothing } from 'lit';
import type { UpdatesAnswer } from '../../device/api/update-schemas.ts';
import type { Texts } from '../locales/texts.ts';
import type { ModelUpdates } from '../state/model-updates.ts';
import { base } from '../styles/tokens.ts';
import { dayOf } from './staff-said.ts';
import { staffStyle } from './staff-style.ts';

const style = css`
  section {
    display: grid;
    gap: 0.75rem;
  }

  h3 {
    margin: 0;
  }

  progress {
    width: 100%;
    height: 0.75rem;
    appearance: none;
    border: 0;
    border-radius: 0.375rem;
    background: var(--line);
    overflow: hidden;
  }

  progress::-webkit-progress-bar {
    background: none;
  }

  progress::-webkit-progress-value {
    background: var(--accent);
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 1rem;
    margin-block-start: 0.25rem;
  }

  .acts p {
    flex-basis: 100%;
  }

  p {
    overflow-wrap: anywhere;
  }

  /* What a program says stands by itself, below what a person is told. */
  p small {
    display: block;
    margin-block-start: 0.25rem;
  }

  button:disabled {
    opacity: 0.4;
  }
`;

/** Pictures that are named, of those that a model does not take. */
const MOST_NAMED = 12;

/** Updates of the model, for staff: what serves, what is under way, and the two ways. */
export class UpdatesView extends LitElement {
  static override properties = {
    updates: { attribute: false },
    shown: { attribute: false },
    texts: { attribute: false },
    doubtful: { state: true },
  };
  static override styles = [base, staffStyle, style];

  declare updates: ModelUpdates;
  declare shown: UpdatesAnswer;
  declare texts: Texts;
  /** Whether it is about to be gone back, until that is said twice. */
  declare doubtful: boolean;

  constructor() {
    super();
    this.doubtful = false;
  }

  override render(): unknown {
    const words = this.texts.staff.updates;
    const { current, failure, failedPictures, lastCheck, waitsFor } = this.shown;
    return html`<section>
      <h3>${words.title}</h3>
      <p>${current === null ? words.original : words.serves(current.version, dayOf(current.changed, this.texts))}</p>
      <p role="status">${this.#state()}</p>
      ${waitsFor === null ? nothing : html`<p>${words.waits(waitsFor.from, waitsFor.to)}</p>`}
      ${waitsFor?.encoded ? html`<p>${words.encoded}</p>` : nothing}
      ${this.#progress()}
      ${failedPictures.length > 0 ? html`<p>${words.notTaken(failedPictures.length)} <small>${this.#named(failedPictures)}</small></p>` : nothing}
      ${failure === null ? nothing : html`<p><b>${words.failed}</b> <small>${failure}</small></p>`}
      ${lastCheck?.alarm ? html`<p><b>${words.alarm}</b> <small>${lastCheck.message}</small></p>` : nothing}
      <div class="acts">${this.doubtful ? this.#doubt() : this.#acts()}</div>
    </section>`;
  }

  #state(): string {
    const { state, release, lastCheck } = this.shown;
    const words = this.texts.staff.updates;
    if (release !== null && state !== 'idle') return words.state[state](release.version);
    if (state === 'checking') return words.looking;
    return lastCheck === null ? words.notLooked : words.looked(this.#time(lastCheck.at));
  }

  #progress(): unknown {
    const { progress } = this.shown;
    if (progress === null || progress.total === 0) return nothing;
    const words = this.texts.staff.updates;
    const label = words[progress.what](progress.done, progress.total);
    return html`<progress max=${progress.total} .value=${progress.done} aria-label=${label}></progress><small>${label}</small>`;
  }

  #named(pictures: readonly string[]): string {
    const named = pictures.slice(0, MOST_NAMED).join(', ');
    return pictures.length > MOST_NAMED ? `${named} …` : named;
  }

  #acts(): unknown {
    const { state, canRollBack } = this.shown;
    const words = this.texts.staff.updates;
    const resting = state === 'idle' || state === 'verified';
    const act = state === 'verified' ? 'apply' : 'check';
    return html`
      <button class="quiet" ?disabled=${!resting} @click=${() => void this.updates[act]()}>${words[act]}</button>
      ${
        canRollBack && (resting || state === 'committed')
          ? html`<button class="quiet" @click=${() => {
              this.doubtful = true;
            }}>${words.rollBack}</button>`
          : nothing
      }`;
  }

  #doubt(): unknown {
    const words = this.texts.staff.updates;
    const settle = (sure: boolean) => () => {
      this.doubtful = false;
      if (sure) void this.updates.rollBack();
    };
    return html`
      <p role="alert">${words.rollBackSure}</p>
      <button class="sure" @click=${settle(true)}>${words.rollBack}</button>
      <button class="quiet" @click=${settle(false)}>${words.stay}</button>`;
  }

  #time(time: string): string {
    return new Intl.DateTimeFormat(this.texts.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
      new Date(time),
    );
  }
}

customElements.define('ld-updates', UpdatesView);
