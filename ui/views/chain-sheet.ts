import { css, type HTMLTemplateResult, html, nothing, type PropertyValues } from 'lit';
import type { ChainMatch, ChainStore } from '../../device/api/chain-schemas.ts';
import '../elements/photo.ts';
import { sizesThere, sizesToHold, titleOf } from '../lib/say.ts';
import { inWords } from '../lib/words.ts';
import type { Holding } from '../state/elsewhere.ts';
import { Sheet } from './sheet.ts';

export interface HoldAsked {
  readonly sku: string;
  readonly store: string;
  /** Undefined where the store does not say which it has. */
  readonly size: string | undefined;
}

const chainStyle = css`
  .stores {
    display: grid;
    gap: 0.75rem;
    width: 100%;
  }

  .stores li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: 0.25rem 1.25rem;
    padding-block-end: 0.75rem;
    border-block-end: 1px solid var(--line);
  }

  .shop {
    font: 480 var(--text-large) / 1.2 var(--serif);
    overflow-wrap: anywhere;
  }

  .there {
    color: var(--ink-soft);
    font: 500 var(--text) / 1.3 var(--sans);
  }

  .stores button {
    min-width: 13rem;
    min-height: var(--target);
    padding: 0.5rem 1.5rem;
    border-radius: calc(var(--target) / 2);
    background: var(--accent);
    color: var(--paper);
    font: 550 var(--text) / 1.15 var(--sans);
    text-align: center;
  }

  .stores button:active {
    filter: brightness(0.9);
  }

  .stores button[aria-disabled='true'] {
    background: none;
    box-shadow: inset 0 0 0 2px var(--line);
    color: var(--ink-soft);
  }

  .which {
    grid-column: 1 / -1;
    margin-block-start: 0.375rem;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.625rem;
    color: var(--ink-soft);
    font: 500 var(--text) / 1.3 var(--sans);
  }

  .which span {
    width: 100%;
  }

  .stores .which button {
    min-width: var(--target);
    padding-inline: 1.25rem;
    background: none;
    box-shadow: inset 0 0 0 2px var(--accent);
    color: var(--accent);
    font: 500 var(--text-large) / 1 var(--sans);
  }

  .stores .which button:active {
    background: var(--accent);
    color: var(--paper);
  }

  .held {
    grid-column: 1 / -1;
    margin-block-start: 0.375rem;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.25rem 1rem;
    color: var(--accent);
    font: 500 var(--text) / 1.35 var(--sans);
  }

  .code {
    font: 520 var(--title) / 1.1 var(--serif);
    letter-spacing: 0.08em;
  }

  /* As it was chosen: a letter beside a word of letters must not be taken for one of them. */
  .held .size {
    align-self: center;
    min-width: 1.5rem;
    padding: 0.375rem 0.75rem;
    border-radius: 1.5rem;
    background: var(--accent);
    color: var(--paper);
    font: 500 var(--text-large) / 1 var(--sans);
    text-align: center;
  }

  .held span {
    flex-basis: 100%;
  }

  .more {
    margin-block-start: 0.75rem;
    color: var(--ink-soft);
    font: 500 var(--text) / 1.3 var(--sans);
  }
`;

/** Stores that are listed: more than one would choose between at a screen. */
const STORES = 4;

/**
 * One garment that other stores of the chain have: which, how many, and whether they shall hold it.
 * @fires hold A store shall hold it, `detail.sku`, `detail.store`, `detail.size`. @fires close The sheet was put away.
 */
export class ChainSheet extends Sheet<ChainMatch> {
  static override properties = {
    holding: { attribute: false },
    currency: {},
    choosing: { state: true },
  };
  static override styles = [...Sheet.styles, chainStyle];

  declare holding: Holding | undefined;
  /** The store's own, where the chain names none. */
  declare currency: string | null;
  /** The store of which a size is being chosen. */
  declare choosing: string | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('garment')) this.choosing = undefined;
  }

  protected override sheet(garment: ChainMatch): HTMLTemplateResult {
    const { texts } = this;
    const title = titleOf(garment, texts);
    const shown = garment.stores.slice(0, STORES);
    const more = garment.storeCount - shown.length;
    return html`<div class="picture">
        ${garment.image === null ? nothing : html`<ld-photo .src=${garment.image} .alt=${title}></ld-photo>`}
      </div>
      <div class="facts">
        ${this.heading(garment, this.currency)}
        <h3>${texts.chain.where}</h3>
        <ul class="stores">${shown.map(store => this.#store(garment, store))}</ul>
        ${more > 0 ? html`<p class="more">${texts.chain.more(more)}</p>` : nothing}
      </div>`;
  }

  #store({ sku }: ChainMatch, store: ChainStore): unknown {
    const { texts } = this;
    const holding = this.holding?.sku === sku && this.holding.store === store.id ? this.holding : undefined;
    const busy = this.holding?.state === 'asking';
    const done = holding?.state === 'held';
    const { asked, holding: asking, hold } = texts.chain;
    const words = holding?.state === 'asking' ? asking : done ? asked : hold;
    return html`<li>
      <span>
        <bdi class="shop">${store.name}</bdi><br />
        <span class="there">${sizesThere(store, texts)}</span>
      </span>
      <button
        class="hold"
        aria-disabled=${busy || done}
        aria-label=${`${words}: ${store.name}`}
        @click=${() => !busy && !done && this.#ask(sku, store)}
      >${words}</button>
      ${this.choosing === store.id ? this.#sizes(sku, store) : this.#outcome(holding)}
    </li>`;
  }

  /** The one step more: who keeps it there has to know which. */
  #sizes(sku: string, store: ChainStore): unknown {
    const { texts } = this;
    const sizes = sizesToHold(store).map(
      size => html`<button
        aria-label=${`${texts.chain.hold}: ${inWords(size, texts.words)}, ${store.name}`}
        @click=${() => this.#hold(sku, store.id, size)}
      >${inWords(size, texts.words)}</button>`,
    );
    return html`<p class="which"><span>${texts.chain.whichSize}</span>${sizes}</p>`;
  }

  #outcome(holding: Holding | undefined): unknown {
    const { texts } = this;
    if (holding?.state === 'held') {
      const { code, size } = holding.hold;
      return html`<p class="held" role="status">
        <b class="code">${code}</b>
        ${size === null ? nothing : html`<b class="size">${inWords(size, texts.words)}</b>`}
        <span>${texts.chain.held}</span>
      </p>`;
    }
    if (holding?.state !== 'refused') return nothing;
    const errors: Readonly<Record<string, string>> = texts.errors;
    return html`<p class="held" role="status">${errors[holding.code] ?? texts.errors.internal}</p>`;
  }

  /** A single size needs no choosing; where the store does not say, its staff look. */
  #ask(sku: string, store: ChainStore): void {
    const sizes = sizesToHold(store);
    if (sizes.length > 1) this.choosing = store.id;
    else this.#hold(sku, store.id, sizes[0]);
  }

  #hold(sku: string, store: string, size: string | undefined): void {
    this.choosing = undefined;
    this.dispatchEvent(new CustomEvent<HoldAsked>('hold', { detail: { sku, store, size } }));
  }
}

customElements.define('ld-chain-sheet', ChainSheet);
