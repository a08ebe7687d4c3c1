import { css } from 'lit';

export const namingStyle = css`
  :host {
    display: grid;
    gap: 1.5rem;
    align-content: start;
    min-width: 0;
  }

  li button {
    justify-content: space-between;
    gap: 1rem;
    padding: 0.5rem 1rem;
  }

  li span {
    display: grid;
    flex: 1;
    gap: 0.15rem;
    min-width: 0;
    text-align: center;
    overflow-wrap: anywhere;
  }

  ld-swatch {
    flex: none;
    width: 5.5rem;
    height: 5.5rem;
  }

  .work,
  .writing {
    display: grid;
    align-content: start;
    gap: 1.5rem;
    min-width: 0;
  }

  .window {
    display: grid;
    align-content: start;
    gap: 0.5rem;
    min-width: 0;
    padding: 1rem 1.5rem 1.5rem;
    border-radius: var(--radius);
    background: var(--paper-light);
  }

  ld-stage {
    justify-self: center;
    width: min(100%, 27rem);
    margin-block: -1.5rem;
  }

  .window .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1rem;
  }

  .languages {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(max(8.5rem, var(--target)), 1fr));
    gap: 0.5rem;
  }

  .languages button,
  .fields button {
    min-height: var(--target);
    padding: 0.5rem 1rem;
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow: inset 0 0 0 1.5px var(--line);
    text-align: center;
  }

  .languages button {
    font: 550 var(--text) / 1.15 var(--sans);
  }

  .languages .has::after {
    content: '';
    display: inline-block;
    width: 0.6rem;
    height: 0.6rem;
    margin-inline-start: 0.5rem;
    border-radius: 50%;
    background: currentcolor;
  }

  [aria-pressed='true'] {
    box-shadow: inset 0 0 0 3px var(--accent) !important;
  }

  .fields {
    display: grid;
    grid-template-columns: 1fr 1.4fr 1fr;
    gap: 0.5rem;
  }

  .fields button {
    display: grid;
    align-content: center;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .fields b {
    min-height: 1.2em;
  }

  .fields i {
    display: inline-block;
    width: 2px;
    height: 1em;
    background: var(--accent);
    vertical-align: -0.12em;
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 1rem;
  }

  .acts .strong {
    flex: 1 1 16rem;
    min-height: var(--target);
    padding-block: 0.5rem;
  }

  .acts .quiet {
    flex: 1 1 auto;
  }

  button:disabled {
    opacity: 0.45;
  }

  .status {
    min-height: 1.8rem;
    color: var(--accent);
    font: 550 var(--text) / 1.4 var(--sans);
  }

  @media (orientation: landscape) {
    .work {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1.1fr);
      gap: 2.5rem;
    }

    .writing {
      gap: 1rem;
    }

    /* Many letters take more than a lying screen has: what they are written on stays in sight. */
    .window {
      position: sticky;
      inset-block-start: 1rem;
      align-self: start;
    }

    ld-stage {
      width: min(100%, 32rem);
    }
  }
`;
