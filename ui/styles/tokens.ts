import { css } from 'lit';

/** Space, radius, duration, type and target size; reduced motion is handled here and nowhere else in the styles. */
export const tokens = css`
  :host {
    --paper: #faf7f2;
    --paper-light: #fffdf9;
    --paper-deep: #f1eadf;
    --linen: #ece2d0;
    --ink: #1c1a17;
    --ink-soft: #5c554b;
    --line: #d9cfbf;
    --brass: #a58a5c;
    /* The shade at the page's foot, the pool of light under the garment, the tape, and the shadow of what lies over the page. */
    --floor: rgb(236 226 208 / 45%);
    --glow: #fffefb;
    --tape-light: #f4ecdd;
    --tape-dark: #e9dec9;
    --tape-fine: #8b8170;
    --shade: rgb(74 52 30 / 24%);
    /* How a picture with a white ground of its own lies on the paper. */
    --blend: multiply;
    /* Set by the kiosk to the garment's own colour, as far as it can be read on paper. */
    --accent: #7a3b2c;

    --serif: 'Fraunces Variable', 'Noto Serif JP Variable', 'Noto Naskh Arabic Variable', Georgia, serif;
    --sans: 'Instrument Sans Variable', 'Noto Sans JP Variable', 'Noto Kufi Arabic Variable', system-ui, sans-serif;
    /* Above this optical size Fraunces bends the stem of its italic h, and Ihnen reads Ifinen. */
    --plain-italic: 'opsz' 14;
    /* Letters of a script that is joined, or set in squares, are not drawn together. */
    --latin: 1;
    /* Where lines go: 1 to the right, -1 to the left. */
    --forth: 1;
    --text-small: 1.125rem;
    --text: 1.25rem;
    --text-large: 1.625rem;
    --title: 2.5rem;
    --display: 3.5rem;

    --gap-small: 0.5rem;
    --gap: 1rem;
    --gap-large: 2rem;
    --margin: 2.75rem;
    --radius: 1.25rem;

    /* 20 mm on this screen, whatever its pixels are; set by the kiosk. */
    --target: 5.0625rem;
    --settle: 200ms;
    --ease: cubic-bezier(0.22, 0.8, 0.3, 1);
  }

  :host(:dir(rtl)) {
    --forth: -1;
    --latin: 0;
  }

  :host(:lang(ja)) {
    --latin: 0;
  }

  /* A quarter larger, for who asked for it. */
  :host([larger]) {
    --tag-height: 9.25rem;
    --text-small: 1.4rem;
    --text: 1.5625rem;
    --text-large: 1.9rem;
    --title: 2.75rem;
    --display: 3.75rem;
  }

  :host([contrast]) {
    --paper: #fff;
    --paper-light: #fff;
    --paper-deep: #f2f0ec;
    --linen: #e6e1d8;
    --ink: #000;
    --ink-soft: #2b2722;
    --line: #6b6459;
    --brass: #6d5526;
    --floor: transparent;
    --glow: #fff;
    --tape-light: #fff;
    --tape-dark: #f4f1ea;
    --tape-fine: #4d463c;
  }

  :host([dark]) {
    --paper: #1d1a16;
    --paper-light: #26221d;
    --paper-deep: #151310;
    --linen: #3a342b;
    --ink: #f6efe4;
    --ink-soft: #c9bfaf;
    --line: #554c40;
    --floor: rgb(0 0 0 / 35%);
    --glow: #3b352d;
    --tape-light: #4a4236;
    --tape-dark: #3b342a;
    --tape-fine: #a1957f;
    --shade: rgb(0 0 0 / 60%);
    --blend: normal;
  }

  :host([dark][contrast]) {
    --paper: #000;
    --paper-light: #0d0c0a;
    --ink: #fff;
    --ink-soft: #e9e2d6;
    --line: #948a7a;
    --floor: transparent;
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --settle: 0ms;
    }
  }
`;

/** What every element of the kiosk shares. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  button {
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: inherit;
    cursor: default;
    touch-action: manipulation;
  }

  button:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 3px;
  }

  svg {
    display: block;
  }

  /* Back and forth go with the lines. */
  [data-sign='undo'],
  [data-sign='redo'] {
    scale: var(--forth, 1) 1;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
