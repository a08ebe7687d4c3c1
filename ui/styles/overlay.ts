import { css } from 'lit';

/** The dialog that a sheet over the page is, rising from the lower edge. */
export const overlay = css`
  dialog {
    position: fixed;
    inset: auto 0 var(--foot, 0px);
    width: 100%;
    max-width: none;
    max-height: calc((100% - var(--head, 0px) - var(--foot, 0px)) * 0.96);
    margin: 0;
    padding: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: none;
    border: 0;
    border-radius: 2.25rem 2.25rem 0 0;
    background: var(--paper-light);
    color: var(--ink);
    box-shadow: 0 -1rem 4rem var(--shade);
    touch-action: pan-y;
  }

  dialog::backdrop {
    background: rgb(60 46 30 / 34%);
  }

  dialog[open] {
    animation: rise var(--settle) var(--ease);
  }

  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(3rem);
    }
  }
`;
