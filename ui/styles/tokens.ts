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
    /* Set by the kiosk to the garment's own colour, as far as it can be read on paper. */
    --accent: #7a3b2c;

    --serif: 'Fraunces Variable', Georgia, serif;
    --sans: 'Instrument Sans Variable', system-ui, sans-serif;
    /* Above this optical size Fraunces bends the stem of its italic h, and Ihnen reads Ifinen. */
    --plain-italic: 'opsz' 14;
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
