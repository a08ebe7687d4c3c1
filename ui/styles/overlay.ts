import { css } from 'lit';

/** A dialog of the page's whole width that a finger pushes up and down, without what browsers give dialogs. */
export const wideDialog = css`
  dialog {
    position: fixed;
    width: 100%;
    max-width: none;
    margin: 0;
    padding: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: none;
    border: 0;
    color: var(--ink);
    touch-action: pan-y;
  }
`;

/** The dialog that a sheet over the page is, rising from the lower edge. */
export const overlay = css`
  ${wideDialog}

  dialog {
    inset: auto 0 var(--foot, 0px);
    max-height: calc((100% - var(--head, 0px) - var(--foot, 0px)) * 0.96);
    border-radius: 2.25rem 2.25rem 0 0;
    background: var(--paper-light);
    box-shadow: 0 -1rem 4rem var(--shade);
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
