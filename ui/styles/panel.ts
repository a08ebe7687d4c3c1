import { css } from 'lit';
import { overlay } from './overlay.ts';

/** A sheet over the page: from below where the screen stands, from the side where it lies. */
export const panelStyle = css`
  ${overlay}

  .panel {
    position: relative;
    display: grid;
    gap: 1.5rem;
    align-content: start;
    padding: 3rem var(--margin) 3rem;
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

  h2 {
    padding-inline-end: 6rem;
    font: 430 var(--display) / 1.1 var(--serif);
    text-wrap: balance;
  }

  .strong,
  .quiet {
    min-height: var(--target);
    padding: 0.75rem 2rem;
    border-radius: calc(var(--target) / 2);
    font: 550 var(--text) / 1.15 var(--sans);
    text-align: center;
  }

  .strong {
    background: var(--accent);
    color: var(--paper);
  }

  .quiet {
    box-shadow: inset 0 0 0 2px var(--accent);
    color: var(--accent);
  }

  .strong:active,
  .quiet:active {
    filter: brightness(0.9);
  }

  @media (orientation: landscape) {
    dialog {
      inset: var(--head, 0px) 0 var(--foot, 0px) auto;
      width: 62rem;
      max-width: 100%;
      max-height: none;
      height: auto;
      border-radius: 2.25rem 0 0 2.25rem;
    }

    dialog:dir(rtl) {
      inset: var(--head, 0px) auto var(--foot, 0px) 0;
      border-radius: 0 2.25rem 2.25rem 0;
    }

    @keyframes rise {
      from {
        opacity: 0;
        transform: translateX(calc(3rem * var(--forth)));
      }
    }
  }
`;
