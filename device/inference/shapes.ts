/** The tensors' shapes that a manifest promises, and how many numbers they hold. */
import type { Manifest } from './manifest.ts';

export type Layout = 'NCHW' | 'NHWC';
export type Channels = 'grey' | 'rgb' | 'rgba';

interface Image {
  readonly layout: Layout;
  readonly width: number;
  readonly height: number;
}

export const CHANNELS: Readonly<Record<Channels, number>> = { grey: 1, rgb: 3, rgba: 4 };

/** [1, channels, height, width] or [1, height, width, channels]. */
export const imageShape = (image: Image, channels: number): number[] =>
  image.layout === 'NCHW' ? [1, channels, image.height, image.width] : [1, image.height, image.width, channels];

export const product = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

export const encoderInputShape = ({ encoder }: Manifest): number[] =>
  imageShape(encoder.input, CHANNELS[encoder.input.channels]);

export const colourShape = ({ decoder }: Manifest): number[] =>
  imageShape(decoder.outputs.colour, CHANNELS[decoder.outputs.colour.channels]);

/** Undefined where the decoder gives no coverage of its own. */
export const alphaShape = ({ decoder }: Manifest): number[] | undefined =>
  decoder.outputs.alpha && imageShape(decoder.outputs.alpha, 1);
