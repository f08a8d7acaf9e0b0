// The ten digits as a pen writes them: strokes between points of a square of side 1, y downwards.
export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

/** An arc of an ellipse as short strokes; angles in degrees, 0 to the right, clockwise. */
function arc([x, y]: Point, width: number, height: number, from: number, to: number): Stroke {
  const pieces = 14;
  return Array.from({ length: pieces + 1 }, (_, piece): Point => {
    const angle = ((from + ((to - from) * piece) / pieces) * Math.PI) / 180;
    return [x + (width / 2) * Math.cos(angle), y + (height / 2) * Math.sin(angle)];
  });
}

export const strokes: readonly (readonly Stroke[])[] = [
  [arc([0.5, 0.5], 0.52, 0.8, 0, 360)],
  [
    [
      [0.34, 0.28],
      [0.54, 0.1],
      [0.54, 0.9],
    ],
  ],
  [[...arc([0.5, 0.32], 0.5, 0.44, 190, 380), [0.26, 0.9], [0.78, 0.9]]],
  [arc([0.47, 0.3], 0.5, 0.4, 200, 450), arc([0.47, 0.7], 0.56, 0.4, -90, 160)],
  [
    [
      [0.62, 0.9],
      [0.62, 0.1],
      [0.22, 0.64],
      [0.8, 0.64],
    ],
  ],
  [[[0.74, 0.1], [0.32, 0.1], [0.28, 0.46], ...arc([0.48, 0.66], 0.54, 0.48, -130, 150)]],
  [[[0.64, 0.1], ...arc([0.5, 0.66], 0.5, 0.48, 195, 555)]],
  [
    [
      [0.24, 0.1],
      [0.78, 0.1],
      [0.42, 0.9],
    ],
  ],
  [arc([0.5, 0.3], 0.42, 0.4, 0, 360), arc([0.5, 0.7], 0.52, 0.4, 0, 360)],
  [[...arc([0.5, 0.34], 0.5, 0.48, 15, 375), [0.66, 0.9]]],
];
