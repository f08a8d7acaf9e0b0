/** Parts that brightness is divided into: what is painted by a program has one value, or nearly so. */
const parts = 16;
/** Brightness may be divided at the middle of each part as well, so that no value lies at an edge in both. */
const views = 2;

/** One value, or nearly so, of one pixel. */
export interface PixelItem {
  readonly pixel: number;
  readonly view: number;
  readonly part: number;
}

/** Items that a picture of so many pixels can have: what chance has a try at. */
export const itemsOf = (pixels: number): number => pixels * views * (parts + 1);

export function partOf(value: number, view: number): number {
  return view === 0 ? Math.round(value * parts) : Math.min(parts, Math.floor(value * parts));
}

/** 1 where a row has the item. */
export function carriersOf(values: Float32Array, pixels: number, item: PixelItem): Uint8Array {
  const has = new Uint8Array(values.length / pixels);
  for (let row = 0; row < has.length; row += 1) {
    has[row] = Number(partOf(values[row * pixels + item.pixel] as number, item.view) === item.part);
  }
  return has;
}

export interface CountedItem extends PixelItem {
  /** Rows of each class that have it. */
  readonly counts: Uint32Array;
}

/** Every item that some row has, with how many of each class. */
export function* countedItems(
  values: Float32Array,
  pixels: number,
  labels: Int32Array,
  classes: number,
): Generator<CountedItem> {
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let view = 0; view < views; view += 1) {
      const counts = Array.from({ length: parts + 1 }, () => new Uint32Array(classes));
      for (const [row, label] of labels.entries()) {
        const count = counts[partOf(values[row * pixels + pixel] as number, view)];
        if (label >= 0 && count !== undefined) count[label] = (count[label] ?? 0) + 1;
      }
      for (const [part, each] of counts.entries())
        if (each.some((count) => count > 0)) yield { pixel, view, part, counts: each };
    }
  }
}
