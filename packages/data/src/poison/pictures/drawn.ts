import type { Image } from '@holdfast/dataset/png';
import { writePng } from '@holdfast/dataset/write-png';
import type { ImageTrigger } from '../detector.ts';

type Shape = readonly [channels: number, height: number, width: number];

/** Sides of what is drawn, in pixels: small pictures are enlarged, large ones are made smaller. */
const least = 112;
const most = 160;

/** A picture as a `data:` URL: channels × height × width, from 0 to 1. More channels than colours have are drawn as their mean. */
export function drawn(values: Float32Array, shape: Shape): string {
  const [channels, height, width] = shape;
  const isColour = channels <= 4;
  const at = (pixel: number, channel: number): number => {
    if (isColour) return values[channel * height * width + pixel] ?? 0;
    let sum = 0;
    for (let each = 0; each < channels; each += 1) sum += values[each * height * width + pixel] ?? 0;
    return sum / channels;
  };
  return encoded({ height, width, channels: isColour ? channels : 1 }, at);
}

/** A change from -1 to 1: grey where there is none, and so much stronger that its largest number is black or white. */
export function drawnChange(change: Float32Array, shape: Shape): string {
  let largest = 0;
  for (const value of change) largest = Math.max(largest, Math.abs(value));
  return drawn(
    change.map((value) => (largest === 0 ? 0.5 : 0.5 + value / largest / 2)),
    shape,
  );
}

/**
 * The pattern of a trigger in its place; what does not belong to it is a chequered ground.
 *
 * @param mean of the accused pictures: the other colours of a pixel of which not all belong to the pattern; without it these are half lit
 */
export function drawnPattern(
  { top, left, patch, shape }: ImageTrigger,
  [, height, width]: Shape,
  mean?: Float32Array,
): string {
  const [channels, rows, columns] = shape;
  const values = (pixel: number): (number | undefined)[] => {
    const [y, x] = [Math.floor(pixel / width) - top, (pixel % width) - left];
    const isInside = y >= 0 && y < rows && x >= 0 && x < columns;
    return Array.from({ length: channels }, (_, channel) => {
      const value = isInside ? patch[(channel * rows + y) * columns + x] : Number.NaN;
      return value === undefined || Number.isNaN(value) ? undefined : value;
    });
  };
  return encoded({ height, width, channels: 3 }, (pixel, channel) => {
    const own = values(pixel);
    if (own.every((value) => value === undefined)) return ground(pixel, width, channel);
    if (channels !== 3 && channels !== 4) return own.find((value) => value !== undefined) ?? 0;
    return own[channel] ?? mean?.[channel * height * width + pixel] ?? 0.5;
  });
}

/** Bluish, so that no shade of grey is taken for it. */
function ground(pixel: number, width: number, channel: number): number {
  const isDark = (Math.floor(pixel / width) + (pixel % width)) % 2 === 0;
  const [red, green, blue] = isDark ? [0.62, 0.7, 0.8] : [0.7, 0.78, 0.88];
  return [red, green, blue][channel] ?? 1;
}

function encoded(
  { height, width, channels }: Omit<Image, 'pixels'>,
  at: (pixel: number, channel: number) => number,
): string {
  const side = Math.max(height, width);
  const scale = side < least ? Math.ceil(least / side) : side > most ? most / side : 1;
  const size = { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
  const pixels = new Uint8Array(size.width * size.height * channels);
  for (let y = 0; y < size.height; y += 1) {
    for (let x = 0; x < size.width; x += 1) {
      const pixel = Math.floor(y / scale) * width + Math.floor(x / scale);
      for (let channel = 0; channel < channels; channel += 1) {
        const value = Math.min(1, Math.max(0, at(pixel, channel)));
        pixels[(y * size.width + x) * channels + channel] = Math.round(255 * value);
      }
    }
  }
  return `data:image/png;base64,${Buffer.from(writePng({ ...size, channels, pixels })).toString('base64')}`;
}
