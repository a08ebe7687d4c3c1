import { css } from 'lit';

/** What staff choose one thing from: cards beside each other, as many as there is room for. */
export const staffChoicesStyle = css`
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr));
    gap: 0.75rem;
  }

  li {
    align-items: stretch;
    padding: 0;
    border: 0;
  }

  li button {
    display: flex;
    align-items: center;
    width: 100%;
    min-height: max(7rem, var(--target));
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow: inset 0 0 0 1.5px var(--line);
  }

  b {
    font: 480 var(--text-large) / 1.2 var(--serif);
  }
`;
