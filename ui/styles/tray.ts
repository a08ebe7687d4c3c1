import { css } from 'lit';

/** What stands in the dials' place for a while: nothing above may move when it comes and goes. */
export const trayStyle = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    gap: 0.5rem;
    height: calc(4 * var(--target) + 8.125rem);
  }

  header {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    min-height: var(--target);
  }

  h2 {
    flex: 1;
    font: italic 440 var(--text-large) / 1.1 var(--serif);
    font-variation-settings: var(--plain-italic);
    text-wrap: balance;
  }

  header button {
    flex: none;
    min-width: var(--target);
    height: var(--target);
    padding-inline: 1.25rem;
    border-radius: var(--radius);
    font: 500 var(--text) / 1.1 var(--sans);
    text-align: center;
  }

  header .done {
    padding-inline: 2rem;
    background: var(--accent);
    color: var(--paper);
  }
`;
