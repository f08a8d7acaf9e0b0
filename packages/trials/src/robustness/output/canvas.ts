import type { Image } from '@holdfast/dataset/png';
import { textPixels, textWidth } from './glyphs.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** A picture that others and text are put on. */
export class Canvas {
  readonly image: Image;

  constructor(width: number, height: number, ground: Colour) {
    const pixels = new Uint8Array(width * height * 3);
    for (let at = 0; at < pixels.length; at += 3) pixels.set(ground, at);
    this.image = { width, height, channels: 3, pixels };
  }

  /** Puts a picture of one or three channels with its corner somewhere; each of its pixels becomes a square. */
  picture({ width, height, channels, pixels }: Image, left: number, top: number, scale: number): void {
    for (let line = 0; line < height; line += 1) {
      for (let column = 0; column < width; column += 1) {
        const at = (line * width + column) * channels;
        const [red = 0, green = red, blue = red] = pixels.subarray(at, at + channels);
        this.square(left + column * scale, top + line * scale, scale, [red, green, blue]);
      }
    }
  }

  /** Writes text around a middle; what does not fit in a width is left out. */
  text(text: string, middle: number, top: number, options: { scale: number; room: number; colour: Colour }): void {
    const { scale, room, colour } = options;
    const fitting = Array.from(text)
      .slice(0, Math.max(1, Math.floor((room / scale + 1) / 6)))
      .join('');
    const left = Math.round(middle - (textWidth(fitting) * scale) / 2);
    for (const [line, pixels] of textPixels(fitting).entries()) {
      for (const [column, isSet] of pixels.entries()) {
        if (isSet === 1) this.square(left + column * scale, top + line * scale, scale, colour);
      }
    }
  }

  /** A square; what lies outside of the picture is left out. */
  square(left: number, top: number, side: number, colour: Colour): void {
    const { width, height, pixels } = this.image;
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y += 1) {
      for (let x = Math.max(0, left); x < Math.min(width, left + side); x += 1) {
        pixels.set(colour, (y * width + x) * 3);
      }
    }
  }
}
