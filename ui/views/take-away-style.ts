import { css } from 'lit';

export const takeAwayStyle = css`
  .panel {
    grid-template: auto minmax(0, auto) / minmax(0, 1fr) minmax(0, 27rem);
    gap: 1.5rem 2.5rem;
  }

  h2,
  .none {
    grid-column: 1 / -1;
  }

  .none {
    max-width: 40rem;
    min-height: 8rem;
    color: var(--ink-soft);
    font: italic 420 var(--text-large) / 1.35 var(--serif);
    font-variation-settings: var(--plain-italic);
  }

  .take {
    grid-area: 2 / 2;
    display: grid;
    align-content: start;
    gap: 1rem;
  }

  .take ld-code {
    box-shadow: 0 0 0 1.5px var(--line);
  }

  .hint {
    color: var(--ink-soft);
    font: 450 var(--text) / 1.4 var(--sans);
  }

  .ways {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.5rem;
  }

  .ways button {
    min-height: var(--target);
    padding-inline: 0.5rem;
    border-radius: var(--radius);
    color: var(--ink-soft);
    font: 500 var(--text) / 1.15 var(--sans);
    text-align: center;
  }

  .ways [aria-pressed='true'] {
    box-shadow: inset 0 0 0 2px var(--accent);
    color: var(--accent);
  }

  .kept {
    grid-area: 2 / 1;
    min-width: 0;
  }

  h3 {
    margin-block-end: 0.5rem;
    color: var(--ink-soft);
    font: 500 var(--text) / 1.3 var(--sans);
  }

  li {
    display: grid;
    grid-template-columns: 5.5rem minmax(0, 1fr) var(--target);
    align-items: center;
    gap: 1.25rem;
    min-height: 6.75rem;
    padding-block: 0.5rem;
    border-block-end: 1.5px solid var(--line);
  }

  li:last-child {
    border: 0;
  }

  li ld-photo {
    height: 5.75rem;
  }

  .words {
    display: grid;
    gap: 0.125rem;
    min-width: 0;
    color: var(--ink-soft);
    font: 450 var(--text) / 1.3 var(--sans);
    overflow-wrap: anywhere;
  }

  /* Each fact is broken within itself, if it must be. */
  .words bdi {
    display: inline-block;
  }

  .words b {
    color: var(--ink);
    font: 460 var(--text-large) / 1.2 var(--serif);
  }

  .remove {
    display: grid;
    place-items: center;
    width: var(--target);
    height: var(--target);
    border-radius: 50%;
    color: var(--ink-soft);
  }

  .remove .icon {
    width: 1.75rem;
    height: 1.75rem;
  }
`;
