/** Runs beside the page: makes garments ready to be drawn. */
import { type Made, make, type Order } from './garment-order.ts';

export interface Ordered {
  readonly number: number;
  readonly order: Order;
}

export interface Delivered {
  readonly number: number;
  readonly made: Made;
}

addEventListener('message', ({ data: { number, order } }: MessageEvent<Ordered>) => {
  const made = make(order);
  const { field, painted } = made;
  const transfer = field === undefined ? [painted.rgba.buffer] : [field.logit.buffer, field.cloth.buffer];
  const delivered: Delivered = { number, made };
  postMessage(delivered, { transfer });
});
