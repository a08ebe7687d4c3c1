import { css } from 'lit';

export const garmentsStyle = css`
  :host {
    display: grid;
    gap: 1.25rem;
    align-content: start;
    font: 450 var(--text) / 1.4 var(--sans);
  }

  .trouble {
    color: var(--accent);
    font-weight: 550;
  }

  .trouble:empty {
    display: none;
  }

  .query {
    box-sizing: border-box;
    width: 100%;
    min-height: var(--target);
    margin: 0;
    padding: 0.75rem 1.5rem;
    border: 0;
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow: inset 0 0 0 2px var(--accent);
    color: var(--ink);
    font: 480 var(--title) / 1.3 var(--serif);
    overflow-wrap: anywhere;
  }

  .query i {
    display: inline-block;
    width: 2px;
    height: 1em;
    background: var(--accent);
    vertical-align: middle;
  }

  .found {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr));
    gap: 0.75rem;
  }

  .found button {
    display: flex;
    align-items: center;
    gap: 1rem;
    width: 100%;
    min-height: max(6rem, var(--target));
    padding: 0.5rem 1.25rem 0.5rem 0.75rem;
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow: inset 0 0 0 1.5px var(--line);
  }

  .found span {
    display: grid;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .found b {
    font: 480 var(--text-large) / 1.2 var(--serif);
  }

  .small {
    flex: none;
    width: 5rem;
    height: 5rem;
    object-fit: contain;
    mix-blend-mode: multiply;
  }

  .found .small:not(img) {
    place-items: center;
    color: var(--ink-soft);
  }

  .small .icon {
    width: 2.5rem;
    height: 2.5rem;
  }

  small,
  .hint {
    color: var(--ink-soft);
    font: 450 var(--text-small) / 1.35 var(--sans);
  }

  h3 {
    font: 460 var(--title) / 1.2 var(--serif);
    overflow-wrap: anywhere;
  }

  .picture {
    width: 100%;
    height: min(38rem, 45vh);
    padding: 1rem;
    border-radius: var(--radius);
    background: #fff;
    box-shadow: inset 0 0 0 1.5px var(--line);
    object-fit: contain;
  }

  .missing {
    visibility: hidden;
  }

  .picture.missing {
    display: none;
  }

  .doubt {
    color: var(--accent);
    font-weight: 550;
  }

  .both {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 1rem;
  }

  .strong,
  .quiet {
    min-height: max(5.5rem, var(--target));
    padding: 0.5rem 1.5rem;
    border-radius: calc(var(--target) / 2);
    font: 550 var(--text-large) / 1.15 var(--sans);
    text-align: center;
  }

  .strong {
    background: var(--accent);
    color: var(--paper);
  }

  .quiet {
    box-shadow: inset 0 0 0 1.5px var(--line);
    font-size: var(--text);
  }

  button:active {
    filter: brightness(0.94);
  }
`;
