import { css } from 'lit';
import { overlay } from '../styles/overlay.ts';

export const sheetStyle = css`
  ${overlay}

  .sheet {
    position: relative;
    display: grid;
    grid-template-columns: 27rem minmax(0, 1fr);
    gap: 2.5rem;
    padding: 3.5rem var(--margin) 3rem;
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

  .picture {
    display: grid;
    height: 36rem;
    padding: 1.5rem 0.5rem;
  }

  .picture ld-photo {
    min-height: 0;
    width: 100%;
    height: 100%;
  }

  .facts {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    min-width: 0;
  }

  .kind {
    padding-inline-end: 6rem;
    color: var(--ink-soft);
    font: 500 var(--text) / 1.3 var(--sans);
  }

  h2 {
    padding-inline-end: 4rem;
    font: 430 var(--display) / 1.05 var(--serif);
    letter-spacing: calc(-0.015em * var(--latin));
    overflow-wrap: anywhere;
    text-wrap: balance;
  }

  .price {
    margin-block: 0.75rem 1.5rem;
    font: 460 var(--title) / 1.2 var(--serif);
    color: var(--accent);
  }

  .price.ask {
    font: italic 430 var(--text-large) / 1.2 var(--serif);
    font-variation-settings: var(--plain-italic);
  }

  h3 {
    margin-block-end: 0.5rem;
    color: var(--ink-soft);
    font: 500 var(--text) / 1.3 var(--sans);
  }

  .sizes {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem 1.75rem;
    margin-block-end: 1.5rem;
  }

  .sizes li {
    display: grid;
    justify-items: center;
    align-content: start;
    min-height: 3.75rem;
  }

  .sizes b {
    font: 480 2rem/1.2 var(--serif);
  }

  .sizes small {
    color: var(--accent);
    font: 500 var(--text-small) / 1.2 var(--sans);
  }

  .sizes .gone,
  .sizes .gone small {
    color: var(--ink-soft);
  }

  .sizes .gone b {
    text-decoration: line-through;
    text-decoration-thickness: 2px;
  }

  .where,
  .unknown {
    margin-block-end: 1.5rem;
    font: 480 var(--text-large) / 1.25 var(--serif);
  }

  .where {
    display: flex;
    align-items: center;
    gap: 0.75rem;
  }

  .where .icon {
    flex: none;
    width: 2rem;
    height: 2rem;
    color: var(--accent);
  }

  .actions {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.875rem;
    width: 100%;
    margin-block-start: auto;
  }

  .actions button {
    min-height: var(--target);
    padding: 0.75rem 1.25rem;
    border-radius: calc(var(--target) / 2);
    font: 550 var(--text) / 1.15 var(--sans);
    text-align: center;
  }

  .start {
    background: var(--accent);
    color: var(--paper);
  }

  .keep {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.75rem;
  }

  .keep .icon {
    flex: none;
    width: 1.75rem;
    height: 1.75rem;
  }

  .keep[aria-pressed='true'] .icon {
    fill: currentcolor;
  }

  .keep[aria-disabled='true'] {
    opacity: 0.5;
  }

  .full {
    grid-column: 1 / -1;
    font: italic 440 var(--text-large) / 1.2 var(--serif);
    font-variation-settings: var(--plain-italic);
  }

  .blend,
  .keep,
  .like {
    box-shadow: inset 0 0 0 2px var(--accent);
    color: var(--accent);
  }

  .actions button:active {
    filter: brightness(0.9);
  }

  .similar ld-rail {
    height: 100%;
    --tag: var(--paper);
  }

  .pairs {
    grid-column: 1 / -1;
    min-width: 0;
    margin-inline: calc(-1 * var(--margin));
  }

  .similar {
    grid-column: 1 / -1;
    min-width: 0;
    height: 26rem;
    margin-inline: calc(-1 * var(--margin));
  }

  @media (orientation: landscape) {
    dialog {
      inset: var(--head, 0px) 0 var(--foot, 0px) auto;
      width: 62rem;
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

    /* All of it is in sight, the garments like it too. */
    .sheet {
      grid-template-columns: 22rem minmax(0, 1fr);
      gap: 1.25rem 2.5rem;
      padding-block: 2.25rem 0.75rem;
    }

    .picture {
      height: 32rem;
    }

    .pairs ld-chain-strip:not([row]) {
      width: 100%;
      border: 0;
      border-block-start: 1px solid var(--line);
    }

    .similar {
      height: 18.125rem;
    }
  }
`;
