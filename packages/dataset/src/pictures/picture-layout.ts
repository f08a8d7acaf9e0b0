import { DatasetError, shown } from '../errors.ts';

/** How the numbers of an item are pixels. */
export interface PictureLayout {
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Whether the channels of a pixel lie side by side. */
  readonly isChannelsLast: boolean;
}

/** Grey, with alpha, three colours, with alpha. */
const mostChannels = 4;

/**
 * How items of these dimensions are pictures: `[height, width]`, `[channels, height, width]`, or `[height, width, channels]`; a list of
 * numbers where somebody says of which shape they are.
 *
 * @param asked `[height, width]` or `[channels, height, width]`
 * @throws DatasetError HF_DATASET_FORMAT where they are none, or both ways of three dimensions are possible
 */
export function pictureLayout(
  dims: readonly number[],
  asked: readonly number[] | undefined,
  path: string,
): PictureLayout {
  const [first = 0, second = 0, third = 0] = dims;
  if (dims.includes(0)) refuse(dims, 'have no pixel', path);
  if (asked !== undefined) return askedLayout(dims, asked, path);
  if (dims.length === 2) return { shape: [1, first, second], isChannelsLast: false };
  if (dims.length !== 3) refuse(dims, 'are no pictures: say with `pictures` what they are, such as 28x28', path);
  const [isFirst, isLast] = [first <= mostChannels, third <= mostChannels];
  if (isFirst === isLast) {
    refuse(dims, isFirst ? 'may begin or end with the channels: say it with `pictures`' : 'have no channels', path);
  }
  return isFirst
    ? { shape: [first, second, third], isChannelsLast: false }
    : { shape: [third, first, second], isChannelsLast: true };
}

function askedLayout(dims: readonly number[], asked: readonly number[], path: string): PictureLayout {
  const [channels = 1, height = 1, width = 1] = asked.length === 3 ? asked : [1, ...asked];
  const shape = [channels, height, width] as const;
  const sizes = dims.filter((size, at) => size !== 1 || at > 0).join('x');
  const isOf = (...expected: readonly number[]): boolean => expected.join('x') === dims.join('x');
  if (isOf(height * width * channels) || isOf(channels, height, width)) return { shape, isChannelsLast: false };
  if (channels === 1 && (isOf(height, width) || sizes === `${height}x${width}`)) {
    return { shape, isChannelsLast: false };
  }
  if (isOf(height, width, channels)) return { shape, isChannelsLast: true };
  return refuse(dims, `are no pictures of ${asked.join('×')}`, path);
}

function refuse(dims: readonly number[], problem: string, path: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `items of [${dims.join(', ')}] ${problem}, in ${shown(path)}`, {
    where: path,
  });
}
