import { css } from 'lit';
import { wideDialog } from '../styles/overlay.ts';

export const staffStyle = css`
  ${wideDialog}

  dialog {
    inset: 0;
    height: 100%;
    max-height: none;
    background: var(--paper);
    font: 450 var(--text) / 1.4 var(--sans);
  }

  dialog[open] {
    animation: appear var(--settle) var(--ease);
  }

  @keyframes appear {
    from {
      opacity: 0;
    }
  }

  .close {
    position: absolute;
    inset-block-start: 1.25rem;
    inset-inline-end: 1.5rem;
    display: grid;
    place-items: center;
    width: var(--target);
    height: var(--target);
    border-radius: 50%;
  }

  .close .icon {
    width: 2.25rem;
    height: 2.25rem;
  }

  h2:focus-visible {
    outline: none;
  }

  h2 {
    font: 430 var(--display) / 1.1 var(--serif);
    letter-spacing: calc(-0.015em * var(--latin));
    text-wrap: balance;
  }

  h3 {
    margin-block-end: 0.75rem;
    font: 460 var(--title) / 1.2 var(--serif);
  }

  .trouble {
    min-height: 1.8rem;
    color: var(--accent);
    font: 550 var(--text) / 1.4 var(--sans);
  }

  .asking {
    display: grid;
    justify-items: center;
    align-content: end;
    gap: 1.25rem;
    min-height: 100%;
    padding: 6rem var(--margin) 12rem;
    text-align: center;
  }

  .hint {
    color: var(--ink-soft);
  }

  /* At the foot of the page, where hands are. */
  .inside {
    display: grid;
    align-content: end;
    gap: 3rem;
    min-height: 100%;
    padding: 3rem var(--margin);
  }

  .inside h2 {
    padding-inline-end: 6rem;
  }

  .inside .trouble {
    margin-block: -2.5rem -2rem;
  }

  .pairing {
    display: grid;
    justify-items: start;
    gap: 1rem;
    padding: 2rem;
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow: inset 0 0 0 1.5px var(--line);
  }

  .pairing h3 {
    margin: 0;
  }

  .scopes {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 1rem;
    width: 100%;
  }

  .scopes button {
    display: grid;
    align-content: center;
    gap: 0.25rem;
    min-height: max(7rem, var(--target));
    padding: 1rem 1.5rem;
    border-radius: var(--radius);
    box-shadow: inset 0 0 0 2px var(--accent);
  }

  .scopes b {
    color: var(--accent);
    font: 550 var(--text-large) / 1.2 var(--sans);
  }

  small {
    color: var(--ink-soft);
    font: 450 var(--text-small) / 1.35 var(--sans);
  }

  .code {
    display: flex;
    align-items: baseline;
    font: 430 6rem/1.1 var(--serif);
    font-variant-numeric: lining-nums tabular-nums;
    letter-spacing: 0.02em;
    direction: ltr;
  }

  .code span {
    width: 2rem;
  }

  .left {
    color: var(--ink-soft);
    font-variant-numeric: tabular-nums;
  }

  li {
    display: flex;
    align-items: center;
    gap: 1rem;
    padding-block: 0.75rem;
    border-block-start: 1.5px solid var(--line);
  }

  .device {
    display: grid;
    flex: 1;
    gap: 0.25rem;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .device b {
    font: 480 var(--text-large) / 1.25 var(--serif);
  }

  .strong {
    min-height: max(6rem, var(--target));
    padding: 1rem 2rem;
    border-radius: var(--radius);
    background: var(--accent);
    color: var(--paper);
    font: 550 var(--text-large) / 1.2 var(--sans);
    text-align: center;
  }

  /* It is there to be heard when somebody calls, and takes no room until then. */
  ld-staff-calls.none {
    position: absolute;
  }

  .doors {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 1rem;
  }

  .garments,
  .unfound,
  .naming {
    gap: 2rem;
  }

  .handheld .garments {
    align-content: start;
  }

  .back {
    justify-self: start;
  }

  .handheld .asking {
    align-content: start;
    padding: 6rem var(--margin) 2rem;
  }

  .quiet,
  .sure {
    flex: none;
    min-width: var(--target);
    min-height: var(--target);
    padding-inline: 1.75rem;
    border-radius: calc(var(--target) / 2);
    font: 550 var(--text) / 1.15 var(--sans);
    text-align: center;
  }

  .quiet {
    box-shadow: inset 0 0 0 1.5px var(--line);
  }

  .sure {
    background: var(--accent);
    color: var(--paper);
  }

  button:active {
    filter: brightness(0.94);
  }

  .fingerprint {
    display: grid;
    margin-block-start: 0.5rem;
    font: 500 var(--text-large) / 1.5 var(--sans);
    font-variant-numeric: lining-nums tabular-nums;
    letter-spacing: 0.04em;
    direction: ltr;
    text-align: start;
  }

  @media (orientation: landscape) {
    .asking {
      align-content: center;
      gap: 0.75rem;
      padding-block: 2rem;
    }

    .inside {
      align-content: start;
      grid-template-columns: 1fr 1fr;
      column-gap: 4rem;
    }

    .inside h2,
    .inside .trouble,
    .inside > .doors,
    .inside ld-garments,
    .inside ld-unfound,
    .inside ld-naming,
    .inside ld-glance,
    .inside ld-staff-calls,
    .back {
      grid-column: 1 / -1;
    }

    .devices {
      grid-row: span 2;
    }

    .inside.naming {
      row-gap: 1rem;
    }
  }
`;
