import { css } from 'lit';

export const kioskStyle = css`
  :host {
    position: fixed;
    /* What cannot be reached is left free: reach.ts says how much. */
    inset: var(--head, 0px) 0 var(--foot, 0px);
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    container: kiosk / size;
    background: linear-gradient(transparent 55%, var(--floor)) var(--paper);
    /* The free parts are paper too. */
    box-shadow: 0 0 0 200vmax var(--paper);
    color: var(--ink);
    font: 450 var(--text) / 1.4 var(--sans);
    /* No italic is made up for a script that has none. */
    font-synthesis-style: none;
  }

  header {
    position: relative;
    z-index: 1;
    display: flex;
    align-items: center;
    gap: 1.25rem;
    min-height: 5rem;
    padding-inline: var(--margin);
  }

  /* Along the lower edge, in one row with the shop's name where the screen lies. */
  @container kiosk (min-aspect-ratio: 1) {
    header {
      grid-area: 3 / 1;
      justify-self: start;
      max-width: 45%;
    }

    main {
      grid-area: 1 / 1 / 3;
      padding-block-start: 1.25rem;
    }

    ld-bar {
      grid-area: 3 / 1;
      justify-self: end;
    }
  }

  /* Under the window, nothing is there. */
  [inert] {
    visibility: hidden;
  }

  ld-attract[inert] {
    visibility: visible;
  }

  main {
    position: relative;
    min-width: 0;
    min-height: 0;
  }

  .shield {
    position: fixed;
    inset: 0;
    z-index: 5;
  }

  ld-kinds-view {
    position: absolute;
    inset: 0;
    z-index: 1;
  }

  /* Under the map or the kinds: as it was, and out of sight. */
  ld-design[inert] {
    visibility: hidden;
  }

  h1 {
    font: 460 2.125rem/1 var(--serif);
    letter-spacing: calc(-0.01em * var(--latin));
  }

  .demonstration {
    padding-inline-start: 1.25rem;
    border-inline-start: 1.5px solid var(--line);
    color: var(--ink-soft);
    font: italic 420 var(--text) / 1.3 var(--serif);
    font-variation-settings: var(--plain-italic);
  }

  .corner {
    position: absolute;
    z-index: 2;
    inset-block-start: 0;
    inset-inline-start: 0;
    width: 8rem;
    height: 6rem;
    touch-action: none;
  }

  .away {
    position: absolute;
    z-index: 2;
    inset-block-start: 7rem;
    inset-inline-start: 50%;
    display: grid;
    justify-items: center;
    gap: 0.25rem;
    padding: 1.5rem 3rem;
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow:
      0 0 0 1.5px var(--line),
      0 1rem 3rem var(--shade);
    translate: calc(-50% * var(--forth)) 0;
    text-align: center;
  }

  .away b {
    font: 430 var(--title) / 1.15 var(--serif);
  }

  .starting {
    display: grid;
    grid-row: 1 / 4;
    place-items: center;
    font: italic 420 var(--display) / 1.1 var(--serif);
    font-variation-settings: var(--plain-italic);
  }

  @container kiosk (min-aspect-ratio: 1) {
    ld-kinds-view,
    ld-explore {
      inset-block-start: 1.25rem;
    }
  }
`;
