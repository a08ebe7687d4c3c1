import { css } from 'lit';

export const attractStyle = css`
  :host {
    position: absolute;
    inset: 0;
    z-index: 1;
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto auto auto;
    justify-items: center;
    overflow: hidden;
    background: linear-gradient(transparent 55%, var(--floor)) var(--paper);
    color: var(--ink);
    text-align: center;
    touch-action: none;
  }

  /* A pool of light on the paper. */
  :host::before {
    content: '';
    position: absolute;
    inset: 2% -12% 16%;
    background: radial-gradient(closest-side, var(--glow), transparent);
  }

  /* The hand has come: what it touched first is the window, and nothing under it. */
  :host([leaving]) {
    opacity: 0;
  }

  h1 {
    position: relative;
    margin-block: 4.5rem 0;
    padding-inline: var(--margin);
    font: 430 3.25rem/1.15 var(--serif);
    letter-spacing: calc(-0.015em * var(--latin));
    text-wrap: balance;
  }

  ld-stage {
    position: relative;
    align-self: center;
    width: min(124cqw, 76cqh);
    margin: -12rem -20rem;
  }

  .empty {
    align-self: center;
    max-width: 40rem;
    padding-inline: var(--margin);
    font: italic 420 var(--title) / 1.3 var(--serif);
    font-variation-settings: var(--plain-italic);
    text-wrap: balance;
  }

  .touch {
    position: relative;
    min-height: calc(var(--target) * 1.3);
    padding-inline: 2.5rem;
    font: 430 4.75rem/1.15 var(--serif);
    letter-spacing: calc(-0.01em * var(--latin));
    text-align: center;
    text-wrap: balance;
  }

  .touch::after {
    content: '';
    display: block;
    width: 6rem;
    height: 3px;
    margin: 1.25rem auto 0;
    background: var(--accent);
  }

  .languages {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0 0.5rem;
    margin-block: 2.5rem 1.5rem;
    padding-inline: var(--margin);
  }

  .languages button {
    min-width: max(var(--target), 9rem);
    height: var(--target);
    padding-inline: 0.75rem;
    color: var(--ink-soft);
    font: 500 1.375rem/1 var(--sans);
    text-align: center;
  }

  .languages [aria-pressed='true'] {
    color: var(--ink);
    text-decoration: underline 2px var(--accent);
    text-underline-offset: 0.5rem;
  }

  .demonstration {
    position: relative;
    padding-block-end: 2rem;
    color: var(--ink-soft);
    font: italic 420 var(--text) / 1.3 var(--serif);
    font-variation-settings: var(--plain-italic);
  }

  @container kiosk (min-aspect-ratio: 1) {
    :host {
      grid-template: minmax(0, 1fr) auto auto auto minmax(0, 0.7fr) / minmax(0, 1fr) minmax(0, 1fr);
    }

    ld-stage,
    .empty {
      grid-area: 1 / 2 / -1 / 3;
      width: min(60cqw, 104cqh);
      margin: -4rem -8rem;
    }

    h1,
    .touch,
    .languages,
    .demonstration {
      grid-column: 1;
    }

    h1 {
      align-self: end;
      margin-block: 0 3rem;
    }

    .touch {
      align-self: center;
    }

    .languages {
      max-width: 36rem;
    }
  }
`;
