/** Pictures of one size, as numbers, and which of those that there are. */
export interface Pictures {
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Pictures × channels × height × width, as they stand in the file. */
  readonly values: Float32Array;
  /** Places of these pictures among all, from 0, ascending. */
  readonly places: Uint32Array;
  /** Pictures that there are. */
  readonly total: number;
  /** Of these, the ones that cannot be read. */
  readonly unread: number;
  /** What was not read, and why, a line each. */
  readonly left: readonly string[];
  /** Whether a pixel is a byte, from 0 to 255. */
  readonly areBytes: boolean;
}

/**
 * Which of `total` pictures are read, where each has `size` numbers: places from 0, ascending. What it leaves out is said by whoever asked.
 */
export type ChoosePictures = (total: number, size: number) => Uint32Array;
