import { css } from 'lit';

export const exploreStyle = css`
  :host {
    position: absolute;
    inset: 0;
    z-index: 1;
    display: grid;
    grid-template: minmax(0, 1fr) auto auto / minmax(0, 1fr);
    background:
      linear-gradient(rgb(255 253 249 / 0%) 70%, rgb(236 226 208 / 45%)) var(--paper);
  }

  .map {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    gap: 1rem;
    min-height: 0;
    padding-inline: var(--margin);
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.25rem 1.5rem;
  }

  h2 {
    font: 430 var(--title) / 1.1 var(--serif);
    letter-spacing: -0.01em;
  }

  .head p {
    color: var(--ink-soft);
    font: italic 420 var(--text) / 1.3 var(--serif);
    font-variation-settings: var(--plain-italic);
  }

  /* The neat line of an atlas: a fine rule within a bold one. */
  .frame {
    position: relative;
    min-height: 0;
    border: 3px solid var(--ink-soft);
    outline: 1px solid var(--ink-soft);
    outline-offset: 4px;
    background: radial-gradient(farthest-corner at 40% 35%, #f7f1e6 0%, var(--paper-deep) 70%, #e9dfcd 100%);
  }

  ld-map-sheet {
    width: 100%;
    height: 100%;
  }

  .note {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    padding: 2rem;
    font: italic 420 var(--title) / 1.2 var(--serif);
    font-variation-settings: var(--plain-italic);
    text-align: center;
    pointer-events: none;
  }

  .narrowed {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1.5rem;
    padding-inline-start: 0.5rem;
  }

  .narrowed p {
    display: grid;
    gap: 0.125rem;
    min-width: 0;
  }

  .narrowed small {
    color: var(--ink-soft);
    font: 500 var(--text-small) / 1.1 var(--sans);
  }

  .narrowed b {
    font: 480 var(--text-large) / 1.2 var(--serif);
    overflow-wrap: anywhere;
  }

  .narrowed .quiet {
    flex: none;
    min-height: var(--target);
  }

  .zoom {
    position: absolute;
    inset-block-end: 1rem;
    inset-inline-end: 1rem;
    display: grid;
    gap: 0.75rem;
  }

  .tool {
    display: grid;
    place-items: center;
    width: var(--target);
    height: var(--target);
    border-radius: 50%;
    background: var(--paper-light);
    box-shadow:
      0 0 0 1.5px var(--line),
      0 4px 10px rgb(74 52 30 / 16%);
  }

  .tool .icon {
    width: 2rem;
    height: 2rem;
  }

  .tool:active,
  .quiet:active {
    background: var(--linen);
  }

  ld-kinds {
    padding-block: 0.5rem;
  }

  .here {
    display: grid;
    grid-template: auto / 15rem minmax(0, 1fr) auto;
    align-items: center;
    gap: 1.5rem;
    padding: 0 var(--margin) 1.5rem;
  }

  .dialled {
    position: relative;
    width: 15rem;
    height: 15rem;
  }

  ld-stage {
    position: absolute;
    inset: -1.5rem;
  }

  .words {
    display: grid;
    gap: 0.25rem;
  }

  .words b {
    font: 460 var(--text-large) / 1.2 var(--serif);
    overflow-wrap: anywhere;
  }

  .words span {
    color: var(--ink-soft);
  }

  .ways {
    display: grid;
    gap: 1rem;
  }

  .strong,
  .quiet {
    min-height: max(5.25rem, var(--target));
    padding: 0.5rem 2.25rem;
    border-radius: calc(var(--target) / 2);
    font: 550 var(--text) / 1.15 var(--sans);
    text-align: center;
  }

  .strong {
    background: var(--accent);
    color: var(--paper);
  }

  .strong:active {
    filter: brightness(0.94);
  }

  .quiet {
    box-shadow: inset 0 0 0 1.5px var(--line);
  }

  @container kiosk (min-aspect-ratio: 1) {
    :host {
      grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) 30rem;
    }

    .map {
      grid-row: 1 / 3;
      padding: 0 0 1.75rem var(--margin);
      padding-inline: var(--margin) 0;
    }

    .here {
      grid-template: minmax(0, 1fr) auto auto / minmax(0, 1fr);
      min-height: 0;
      padding: 0 2.25rem 0;
    }

    .dialled {
      justify-self: center;
      align-self: center;
      width: min(24rem, 100%);
      height: auto;
      aspect-ratio: 1;
    }

    ld-stage {
      inset: -2.5rem;
    }

    .words {
      min-height: 6rem;
      text-align: center;
    }

    ld-kinds {
      grid-area: 2 / 2;
      padding-block: 1rem;
    }
  }
`;
