import { css } from 'lit';

export const kioskStyle = css`
  :host {
    position: fixed;
    inset: 0;
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    overflow: hidden;
    container: kiosk / size;
    background:
      linear-gradient(rgb(255 253 249 / 0%) 55%, rgb(236 226 208 / 45%)) var(--paper);
    color: var(--ink);
    font: 450 var(--text) / 1.4 var(--sans);
  }

  header {
    position: relative;
    z-index: 1;
    display: flex;
    align-items: center;
    gap: 1.25rem;
    min-height: 6rem;
    padding-inline: var(--margin);
  }

  main {
    position: relative;
    min-width: 0;
    min-height: 0;
  }

  ld-kinds-view {
    position: absolute;
    inset: 0;
    z-index: 1;
  }

  .away-for-kinds {
    visibility: hidden;
  }

  h1 {
    font: 460 2.125rem/1 var(--serif);
    letter-spacing: -0.01em;
  }

  .demonstration {
    padding-inline-start: 1.25rem;
    border-inline-start: 1.5px solid var(--line);
    color: var(--ink-soft);
    font: italic 420 var(--text) / 1.3 var(--serif);
    font-variation-settings: var(--plain-italic);
  }

  .languages {
    display: flex;
    margin-inline: auto -1rem;
  }

  .languages button {
    min-width: var(--target);
    height: var(--target);
    padding-inline: 1rem;
    color: var(--ink-soft);
    font: 500 var(--text) / 1 var(--sans);
    text-align: center;
  }

  .languages [aria-pressed='true'] {
    color: var(--ink);
    text-decoration: underline 2px var(--accent);
    text-underline-offset: 0.5rem;
  }

  .corner {
    position: absolute;
    z-index: 2;
    inset-block-start: 0;
    inset-inline-start: 0;
    width: 8rem;
    height: 6rem;
    touch-action: none;
  }

  .away {
    position: absolute;
    z-index: 2;
    inset-block-start: 7rem;
    inset-inline-start: 50%;
    display: grid;
    justify-items: center;
    gap: 0.25rem;
    padding: 1.5rem 3rem;
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow:
      0 0 0 1.5px var(--line),
      0 1rem 3rem rgb(74 52 30 / 24%);
    translate: -50% 0;
    text-align: center;
  }

  .away b {
    font: 430 var(--title) / 1.15 var(--serif);
  }

  .starting {
    display: grid;
    grid-row: 1 / 3;
    place-items: center;
    font: italic 420 var(--display) / 1.1 var(--serif);
    font-variation-settings: var(--plain-italic);
  }
`;
