import { html, type TemplateResult } from 'lit';
import type { Model } from '../../device/api/model-schemas.ts';
import type { GarmentChosen } from '../elements/rail.ts';
import type { Texts } from '../locales/texts.ts';
import type { Elsewhere } from '../state/elsewhere.ts';
import type { LookedAt } from '../state/looked-at.ts';
import type { Session } from '../state/session.ts';
import type { HoldAsked } from './chain-sheet.ts';
import './chain-sheet.ts';
import './garment-sheet.ts';

/** The garment of this store that is looked at, and what can be done with it. */
export function garmentSheet(looked: LookedAt, session: Session, model: Model, texts: Texts): TemplateResult {
  const { garment, similar, pairs } = looked;
  const { kept } = session;
  const leaveFor = (go: (sku: string) => Promise<void>) => (event: CustomEvent<GarmentChosen>) => {
    looked.close();
    void go(event.detail.sku);
  };
  return html`<ld-garment-sheet
    .garment=${garment}
    .similar=${similar}
    .pairs=${pairs}
    .kept=${garment !== undefined && kept.has(garment.sku)}
    .full=${kept.full}
    .model=${model}
    .texts=${texts}
    @start=${leaveFor(sku => session.startFrom(sku))}
    @blend=${leaveFor(sku => session.blendWith(sku))}
    @keep=${() => garment !== undefined && session.shelf.keep(garment)}
    @like=${() => void looked.like()}
    @choose=${(event: CustomEvent<GarmentChosen>) => void looked.open(event.detail.sku)}
    @close=${() => looked.close()}
  ></ld-garment-sheet>`;
}

/** The garment of another store that is looked at. */
export const chainSheet = (elsewhere: Elsewhere, { store }: Model, texts: Texts): TemplateResult => html`<ld-chain-sheet
  .garment=${elsewhere.looked}
  .holding=${elsewhere.holding}
  .currency=${store.currency}
  .texts=${texts}
  @hold=${({ detail }: CustomEvent<HoldAsked>) => void elsewhere.hold(detail.sku, detail.store, detail.size)}
  @close=${() => elsewhere.forget()}
></ld-chain-sheet>`;
