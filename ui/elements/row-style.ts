import { css } from 'lit';

/** A row of things that a finger pushes sideways. */
export const rowStyle = css`
  ul {
    display: flex;
    overflow: auto hidden;
    overscroll-behavior: contain;
    scrollbar-width: none;
    touch-action: pan-x;
  }

  li {
    flex: none;
  }
`;
