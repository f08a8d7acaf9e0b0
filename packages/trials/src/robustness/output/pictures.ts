import type { Image } from '@holdfast/dataset/png';
import type { Bounds } from '../../attacks/ball.ts';

/** How the numbers of a sample are pixels: where channel, line and column lie. */
export interface PictureLayout {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly isChannelsLast: boolean;
}

/** Smaller than this is no picture that anybody sees something in. */
const smallest = 4;

/** Samples that are pictures: [channels, height, width] or [height, width, channels], grey or in colours. */
export function pictureLayout(dims: readonly number[]): PictureLayout | undefined {
  const [first = 0, second = 0, third = 0] = dims;
  if (dims.length !== 3) return undefined;
  const layout = (channels: number, height: number, width: number, isChannelsLast: boolean) =>
    (channels === 1 || channels === 3) && height >= smallest && width >= smallest
      ? ({ channels, height, width, isChannelsLast } as const)
      : undefined;
  return layout(first, second, third, false) ?? layout(third, first, second, true);
}

/** A sample as a picture; its darkest is `low`, its brightest `high`. */
export function pictureOf(sample: Float32Array, layout: PictureLayout, { low, high }: Bounds): Image {
  const { height, width, channels, isChannelsLast } = layout;
  const pixels = new Uint8Array(height * width * channels);
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const at = isChannelsLast ? pixel * channels + channel : channel * height * width + pixel;
      const share = ((sample[at] ?? low) - low) / (high - low);
      pixels[pixel * channels + channel] = Math.round(255 * Math.min(1, Math.max(0, share)));
    }
  }
  return { width, height, channels, pixels };
}

/** A change as a picture: grey where there is none, and so much stronger that its largest number is black or white. */
export function changeOf(original: Float32Array, changed: Float32Array): { change: Float32Array; largest: number } {
  const away = changed.map((value, index) => value - (original[index] ?? 0));
  const largest = away.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { change: away.map((value) => (largest === 0 ? 0 : value / largest)), largest };
}
