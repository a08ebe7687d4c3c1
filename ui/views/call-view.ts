import { css, html, nothing } from 'lit';
import { icon } from '../elements/icon.ts';
import { Panel } from '../elements/panel.ts';
import { ago } from '../lib/ago.ts';
import { Follow } from '../lib/follow.ts';
import type { Calling } from '../state/calling.ts';
import { panelStyle } from '../styles/panel.ts';
import { base } from '../styles/tokens.ts';

/** How it stands with the shopper's call for somebody of the team. @fires close It was put away. */
export class CallView extends Panel {
  static override properties = { ...Panel.properties, calling: { attribute: false } };
  static override styles = [
    base,
    panelStyle,
    css`
      .said {
        display: flex;
        align-items: center;
        gap: 1.5rem;
        min-height: 7rem;
        padding-inline-end: 6rem;
      }

      .said > .icon {
        flex: none;
        width: 3.5rem;
        height: 3.5rem;
        color: var(--accent);
      }

      h2 {
        padding: 0;
      }

      .ago {
        margin-block-start: 0.5rem;
        color: var(--ink-soft);
        font: 450 var(--text-large) / 1.3 var(--sans);
      }

      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 0.875rem;
      }
    `,
  ];

  declare calling: Calling;

  constructor() {
    super();
    new Follow(this, () => this.calling);
  }

  protected override content(): unknown {
    const { calling, texts } = this;
    const said = { none: '', asking: texts.call.calling, called: texts.call.called, coming: texts.call.coming };
    const failed = calling.state === 'failed';
    return html`<div class="said">
        ${icon(calling.state === 'coming' ? 'done' : 'call')}
        <div role="status">
          <h2 id="title">${calling.state === 'failed' ? texts.call.failed : said[calling.state]}</h2>
          ${calling.call === undefined ? nothing : html`<p class="ago">${ago(calling.call.at, Date.now(), texts.locale)}</p>`}
        </div>
      </div>
      <div class="buttons">
        ${failed ? html`<button class="strong" @click=${() => void calling.ask()}>${texts.call.again}</button>` : nothing}
        <button class="quiet" @click=${() => this.put()}>${texts.close}</button>
      </div>`;
  }
}

customElements.define('ld-call', CallView);
