import { css } from 'lit';

/** The keys of a pad, whatever their size and letter. */
export const padKeys = css`
  button {
    display: grid;
    place-items: center;
    background: var(--paper-light);
    box-shadow: inset 0 0 0 1.5px var(--line);
  }

  button:active {
    background: var(--linen);
  }

  button:disabled {
    background: none;
    color: var(--ink-soft);
  }

  .icon {
    width: 2.25rem;
    height: 2.25rem;
  }
`;
