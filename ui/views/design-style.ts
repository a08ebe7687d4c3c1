import { css } from 'lit';

export const designStyle = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) auto auto / minmax(0, 1fr);
    min-height: 0;
    height: 100%;
  }

  .stage {
    position: relative;
    min-height: 0;
  }

  /* A pool of light on the paper. */
  .stage::before {
    content: '';
    position: absolute;
    inset: -5rem 0 -4rem;
    background: radial-gradient(closest-side, var(--glow) 0%, color-mix(in srgb, var(--glow) 55%, transparent) 45%, transparent 100%);
  }

  ld-stage {
    position: absolute;
    inset-block: -5.5rem -5rem;
    inset-inline-start: 50%;
    translate: calc(-50% * var(--forth)) 0;
    max-width: 100%;
  }

  ld-thread {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: calc(var(--margin) - 0.75rem);
  }

  .actions {
    position: absolute;
    inset-block: 0;
    inset-inline-end: calc(var(--margin) - 1rem);
    display: grid;
    grid-template-rows: repeat(3, auto);
    grid-auto-flow: column;
    align-content: end;
    justify-items: center;
    gap: 0.75rem;
  }

  .action {
    display: grid;
    justify-items: center;
    gap: 0.25rem;
    min-width: 7.25rem;
    text-align: center;
  }

  .round {
    display: grid;
    place-items: center;
    width: var(--target);
    height: var(--target);
    border-radius: 50%;
    background: var(--paper);
    box-shadow: 0 0 0 1.5px var(--line);
    transition:
      background-color var(--settle) var(--ease),
      color var(--settle) var(--ease),
      transform var(--settle) var(--ease);
  }

  .action:active .round {
    transform: scale(0.94);
    background: var(--linen);
  }

  .action .icon {
    width: 2rem;
    height: 2rem;
  }

  .action .label {
    font: 500 var(--text-small) / 1.2 var(--sans);
    white-space: nowrap;
  }

  .action.surprise .round {
    background: var(--accent);
    box-shadow: 0 4px 10px rgb(74 52 30 / 22%);
    color: var(--paper);
  }

  .action[aria-disabled='true'] .round,
  .action[aria-disabled='true'] .label {
    opacity: 0.4;
  }

  .action.kept .round {
    position: relative;
  }

  .action.kept [data-count]::after {
    content: attr(data-count);
    position: absolute;
    inset-block-start: -0.25rem;
    inset-inline-end: -0.25rem;
    min-width: 2rem;
    padding-inline: 0.375rem;
    border-radius: 1rem;
    background: var(--accent);
    color: var(--paper);
    font: 600 var(--text-small) / 2rem var(--sans);
    text-align: center;
  }

  .store {
    position: relative;
    display: grid;
    grid-template: auto 26rem / minmax(0, 1fr);
    grid-auto-rows: auto;
    min-width: 0;
  }

  .said {
    display: flex;
    align-items: center;
    gap: 1.5rem;
    /* With a button in it or without: nothing may move. */
    height: calc(var(--target) + 0.5rem);
    padding: 0 var(--margin);
  }

  .wider {
    flex: none;
    min-width: var(--target);
    height: var(--target);
    margin-inline-start: auto;
    padding-inline: 1.5rem;
    border-radius: var(--radius);
    background: var(--accent);
    color: var(--paper);
    font: 500 var(--text) / 1.1 var(--sans);
  }

  .shelves {
    display: contents;
  }

  .verdict {
    min-width: 0;
    font: 430 var(--title) / 1.1 var(--serif);
    letter-spacing: calc(-0.01em * var(--latin));
    text-wrap: balance;
  }

  .hands {
    padding: 0 var(--margin) 0.75rem;
  }

  @container kiosk (min-aspect-ratio: 1) {
    :host {
      grid-template: minmax(0, 1fr) auto / minmax(0, 41fr) minmax(0, 59fr);
    }

    .stage {
      grid-row: 1 / 3;
    }

    /* There is more height than width: looks above, buttons below, the garment between them. */
    .actions {
      inset: auto 0 1.25rem;
      grid-template-rows: auto;
      justify-content: center;
    }

    ld-thread {
      inset-inline-start: var(--margin);
    }

    ld-stage {
      inset-block: auto;
      inset-block-start: 50%;
      inset-inline: -2.25rem;
      translate: 0 -51%;
      max-width: none;
    }

    .store {
      grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr) auto;
    }

    .said,
    ld-filter-bar {
      grid-column: 1 / -1;
    }

    .shelves {
      display: grid;
      grid-auto-rows: minmax(0, 1fr);
      min-height: 0;
    }
  }
`;
