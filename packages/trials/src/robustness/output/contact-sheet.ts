import type { Image } from '@holdfast/dataset/png';
import { Canvas, type Colour } from './canvas.ts';
import type { Example } from './examples.ts';
import { glyphHeight } from './glyphs.ts';

/** Pixels: pictures are brought to about this width, columns of examples are this far apart. */
const [pictureWidth, gap, margin, textScale] = [96, 4, 20, 2] as const;
const columns = 3;
const [ground, grey, right, wrong]: Colour[] = [
  [22, 24, 29],
  [150, 155, 165],
  [230, 232, 236],
  [255, 150, 110],
];

/**
 * A sheet of examples, each the original, the change (amplified) and what it became, with the class of the original and the
 * class that the model takes it for below.
 */
export function contactSheet(examples: readonly Example[], classNames: readonly string[] = []): Image {
  const [first] = examples;
  if (first === undefined) return new Canvas(1, 1, ground as Colour).image;
  const { width, height } = first.original;
  const scale = Math.max(1, Math.round(pictureWidth / width));
  const picture = width * scale;
  const cell = { width: 3 * picture + 2 * gap, height: height * scale + gap + glyphHeight * textScale + gap };
  const lines = Math.ceil(examples.length / columns);
  const across = Math.min(columns, examples.length);
  const canvas = new Canvas(
    margin + across * (cell.width + margin),
    margin + lines * (cell.height + margin),
    ground as Colour,
  );
  const named = (label: number): string => (label === -1 ? 'NaN' : (classNames[label] ?? String(label)));
  for (const [index, example] of examples.entries()) {
    const left = margin + (index % columns) * (cell.width + margin);
    const top = margin + Math.floor(index / columns) * (cell.height + margin);
    const texts = [named(example.label), `×${Number(example.times.toPrecision(2))} →`, named(example.became)];
    for (const [place, image] of [example.original, example.change, example.changed].entries()) {
      const at = left + place * (picture + gap);
      canvas.picture(image, at, top, scale);
      const colour = [right, grey, wrong][place] as Colour;
      const below = top + height * scale + gap;
      canvas.text(texts[place] ?? '', at + picture / 2, below, { scale: textScale, room: picture, colour });
    }
  }
  return canvas.image;
}
