import { css } from 'lit';

export const dialStyle = css`
  :host {
    display: block;
    --thumb: calc(var(--target) * 0.82);
    --tape-height: calc(var(--target) * 0.66);
  }

  .words {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    align-items: baseline;
    gap: 0.75rem;
    height: 2.125rem;
    padding-inline: 0.25rem;
  }

  .end {
    color: var(--ink-soft);
    font: 500 var(--text-small) / 1.3 var(--sans);
    white-space: nowrap;
  }

  .end:last-child {
    text-align: end;
  }

  .name {
    font: 480 1.4375rem/1.35 var(--serif);
    white-space: nowrap;
  }

  .name .icon {
    display: inline-block;
    width: 1.375rem;
    height: 1.375rem;
    margin-inline-end: 0.375rem;
    color: var(--accent);
    vertical-align: -0.1875rem;
    stroke-width: 2.2;
  }

  .ask {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.75rem;
    width: 100%;
    height: var(--target);
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow: inset 0 0 0 1.5px var(--line);
    color: var(--ink-soft);
    font: 500 var(--text) / 1.1 var(--sans);
    transition:
      background-color var(--settle) var(--ease),
      color var(--settle) var(--ease);
  }

  .ask .icon {
    flex: none;
    width: 1.75rem;
    height: 1.75rem;
  }

  .ask[aria-pressed='true'] {
    background: var(--accent);
    box-shadow: none;
    color: var(--paper);
  }

  .row {
    display: grid;
    grid-template-columns: var(--target) 1fr var(--target);
    align-items: center;
    gap: 0.375rem;
  }

  .step {
    position: relative;
    width: var(--target);
    height: var(--target);
    border-radius: var(--radius);
    transition: background-color var(--settle) var(--ease);
  }

  .step:active {
    background: var(--linen);
  }

  .step ld-swatch {
    position: absolute;
    inset: 0.25rem 0.25rem 0.5rem;
  }

  .step ld-swatch {
    transition: opacity var(--settle) var(--ease);
  }

  /* Made of the garment before: it waits for its new ones. */
  .step .stale {
    opacity: 0.3;
  }

  .step[aria-disabled='true'] {
    opacity: 0.55;
  }

  .sign {
    position: absolute;
    inset-block-end: 0;
    inset-inline-end: 0;
    display: grid;
    place-items: center;
    width: 1.75rem;
    height: 1.75rem;
    border-radius: 50%;
    background: var(--paper);
    box-shadow: 0 0 0 1.5px var(--ink-soft);
    color: var(--ink);
  }

  .step:first-child .sign {
    inset-inline: 0 auto;
  }

  .sign .icon {
    width: 1.125rem;
    height: 1.125rem;
    stroke-width: 2.4;
  }

  .track {
    position: relative;
    height: var(--target);
    touch-action: none;
    container-type: inline-size;
    --at: 0.5;
  }

  /* The tape itself: linen, a brass clip at each end. */
  .track::before {
    content: '';
    position: absolute;
    inset: calc((var(--target) - var(--tape-height)) / 2) 0;
    border-inline: 0.375rem solid var(--brass);
    border-radius: 0.3125rem;
    background: linear-gradient(var(--tape-light), var(--tape-dark));
    box-shadow:
      inset 0 0 0 1px rgb(90 70 40 / 14%),
      0 2px 5px rgb(80 60 35 / 12%);
  }

  .scale {
    position: absolute;
    inset: calc((var(--target) - var(--tape-height)) / 2) calc(var(--thumb) / 2);
  }

  .tape {
    width: 100%;
    height: 100%;
    overflow: visible;
    scale: var(--forth, 1) 1;
  }

  .mark {
    stroke: var(--ink-soft);
    stroke-width: 1.6;
    vector-effect: non-scaling-stroke;
  }

  .mark.fine {
    stroke: var(--tape-fine);
    stroke-width: 1.1;
  }

  .weave {
    stroke: var(--accent);
    stroke-width: 2;
    stroke-opacity: 0.62;
    vector-effect: non-scaling-stroke;
    transition: stroke var(--settle) var(--ease);
  }

  input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    margin: 0;
    opacity: 0;
    pointer-events: none;
    contain: strict;
  }

  .thumb {
    position: absolute;
    inset-block-start: calc((var(--target) - var(--thumb)) / 2);
    inset-inline-start: 0;
    /* Not by its place: a page that is laid out anew for every picture is slow under the finger. */
    translate: calc((100cqi - var(--thumb)) * var(--at) * var(--forth, 1)) 0;
    width: var(--thumb);
    height: var(--thumb);
    border-radius: 50%;
    filter: drop-shadow(0 3px 4px rgb(60 40 20 / 35%));
    transition: transform var(--settle) var(--ease);
    pointer-events: none;
  }

  :host([held]) .thumb {
    transform: scale(1.1);
  }

  .disc {
    fill: var(--accent);
    stroke: var(--paper);
    stroke-width: 3;
    transition: fill var(--settle) var(--ease);
  }

  .rim {
    fill: none;
    stroke: rgb(255 253 249 / 40%);
    stroke-width: 2.5;
  }

  .holes {
    fill: var(--paper);
  }

  input:focus-visible + .thumb {
    outline: 3px solid var(--ink);
    outline-offset: 3px;
  }
`;
