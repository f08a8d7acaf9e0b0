/** A box to be placed; the unit is up to the caller. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box with its upper left corner. */
export interface PlacedBox extends Box, Point {}

/** An arrow with the points that it runs through: the right end of one box, the left end of another, what lies between. */
export interface RoutedArrow extends Arrow {
  readonly points: readonly Point[];
  /** Runs from right to left, because it closes a circle. */
  readonly isBackward: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly RoutedArrow[];
}
