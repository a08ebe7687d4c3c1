import { css } from 'lit';

export const unfoundStyle = css`
  :host {
    display: grid;
    gap: 1.5rem;
    align-content: start;
  }

  li button {
    gap: 1.25rem;
    height: 100%;
    padding: 0.75rem 1.5rem 0.75rem 1rem;
  }

  li span.told {
    display: grid;
    gap: 0.15rem;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .small {
    flex: none;
    display: grid;
    place-items: center;
    width: 5.5rem;
    height: 5.5rem;
    object-fit: contain;
    color: var(--ink-soft);
    mix-blend-mode: var(--blend);
  }

  .small .icon {
    width: 3rem;
    height: 3rem;
  }

  .picture {
    width: 100%;
    height: min(34rem, 40vh);
    padding: 1rem;
    border-radius: var(--radius);
    background: #fff;
    object-fit: contain;
  }

  .missing {
    display: none;
  }

  .none {
    display: grid;
    justify-items: center;
    gap: 1.25rem;
    padding: 3rem 2rem;
    border-radius: var(--radius);
    background: var(--paper-light);
    font: 460 var(--title) / 1.25 var(--serif);
    text-align: center;
    text-wrap: balance;
  }

  .none .icon {
    width: 4rem;
    height: 4rem;
    color: var(--accent);
  }

  .found {
    color: var(--accent);
    font: 550 var(--text-large) / 1.3 var(--sans);
  }

  .one {
    display: grid;
    gap: 1.25rem;
  }

  .why {
    font: 480 var(--text-large) / 1.35 var(--serif);
  }

  .ways {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr));
    gap: 1rem;
  }

  .ways .quiet {
    min-height: max(6rem, var(--target));
    border-radius: var(--radius);
  }

  button:disabled {
    opacity: 0.5;
  }

  @media (orientation: landscape) {
    .pictured {
      grid-template-columns: 1fr 1fr;
      grid-template-rows: auto auto auto auto 1fr;
      column-gap: 3rem;
    }

    .pictured .picture {
      grid-area: 1 / 1 / span 5;
      height: 38rem;
      max-height: 60vh;
    }

    .pictured > :not(.picture) {
      grid-column: 2;
    }

    .pictured .ways {
      grid-template-columns: 1fr;
    }
  }
`;
