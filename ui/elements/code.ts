import { css, html, LitElement, svg } from 'lit';
import { encodeQR } from 'qr';

/** Squares of quiet ground around it, as ISO/IEC 18004 asks for. */
const QUIET = 4;

/** Dark squares of a row, side by side, as one path of an SVG. */
const path = (rows: readonly (readonly boolean[])[]): string =>
  rows
    .flatMap((row, y) =>
      row.flatMap((dark, x) => {
        if (!dark || row[x - 1] === true) return [];
        const end = row.indexOf(false, x);
        return `M${x} ${y}h${(end < 0 ? row.length : end) - x}v1H${x}z`;
      }),
    )
    .join('');

/** A text as a QR code: dark on light whatever the room, since phones read no other reliably. */
export class Code extends LitElement {
  static override properties = { text: {}, label: {} };
  static override styles = css`
    :host {
      display: block;
      aspect-ratio: 1;
      border-radius: var(--radius);
      background: #fff;
      overflow: hidden;
    }

    svg {
      display: block;
      width: 100%;
      height: 100%;
    }

    path {
      fill: #1c1a17;
    }
  `;

  declare text: string;
  declare label: string;

  constructor() {
    super();
    this.text = '';
    this.label = '';
  }

  override render(): unknown {
    const rows = encodeQR(this.text, 'raw', { ecc: 'medium', border: QUIET });
    return html`<svg viewBox="0 0 ${rows.length} ${rows.length}" role="img" aria-label=${this.label} shape-rendering="crispEdges">
      ${svg`<path d=${path(rows)}></path>`}
    </svg>`;
  }
}

customElements.define('ld-code', Code);
