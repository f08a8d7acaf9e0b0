import type { Port, TensorData } from '@holdfast/inference';
import type { PixelRange, PoisonOptions } from './options.ts';

/** Pictures as they stand in their file, channels × height × width each. */
export interface RawPictures {
  readonly raw: Float32Array;
  /** Whether they are bytes, from 0 to 255. */
  readonly areBytes: boolean;
  /** The same from 0 to 1. */
  readonly values: Float32Array;
  readonly shape: readonly [channels: number, height: number, width: number];
}

/** How pictures are handed to a model. */
export interface PixelFeed {
  /** Pictures that go in at once; where the model has a fixed number, the last ones are followed by black ones. */
  readonly batch: number;
  readonly isFixed: boolean;
  readonly feed: (from: number, count: number) => TensorData;
  /** What nobody said, and was taken for granted. */
  readonly assumed?: string;
}

/** Numbers that go in at once. */
const mostNumbers = 2 ** 24;
const mostBatch = 512;

type Said = Pick<PoisonOptions, 'pixelRange' | 'pixelMean' | 'pixelDeviation'>;

/**
 * Pictures as an input takes them: channels first or last by its dimensions, float or bytes by its type, the range by what somebody said or
 * by the metadata of the model (`Image.NominalPixelRange`, `Image.BitmapPixelFormat`).
 *
 * @param refuse makes an error of why they do not go in
 */
export function pixelFeed(
  pictures: RawPictures,
  port: Port,
  said: Said,
  metadata: ReadonlyMap<string, string>,
  refuse: (why: string) => Error,
): PixelFeed {
  const { shape } = pictures;
  const size = shape[0] * shape[1] * shape[2];
  const [first] = port.dims;
  const isFixed = typeof first === 'number';
  const batch = isFixed ? first : Math.max(1, Math.min(mostBatch, Math.floor(mostNumbers / size)));
  if (batch < 1 || batch * size > mostNumbers) throw refuse(`it takes ${batch} pictures at once`);
  const lay = layoutOf(port, shape, refuse);
  const { order, text: format } = channelOrder(shape[0], metadata, refuse);
  if (port.type === 'UINT8') requireBytes(pictures, said, refuse);
  else if (port.type !== 'FLOAT' && port.type !== 'DOUBLE') throw refuse(`it takes numbers of the type ${port.type}`);
  const { scale, assumed } = port.type === 'UINT8' ? { scale: pictures.raw } : scaled(pictures, said, metadata, refuse);
  const change = normalisation(shape[0], said, refuse);
  const feed = (from: number, count: number): TensorData => {
    const rows = isFixed ? batch : count;
    const data = new arrays[port.type as keyof typeof arrays](rows * size);
    for (let row = 0; row < count; row += 1) {
      for (let at = 0; at < size; at += 1) {
        const channel = Math.floor(at / (shape[1] * shape[2]));
        const source = (order[channel] ?? channel) * shape[1] * shape[2] + (at % (shape[1] * shape[2]));
        data[row * size + lay.place(at)] = change(scale[(from + row) * size + source] ?? 0, channel);
      }
    }
    return { type: port.type, dims: [rows, ...lay.dims], data };
  };
  const unsaid = [assumed, format].filter((each) => each !== undefined);
  return { batch, isFixed, feed, ...(unsaid.length === 0 ? {} : { assumed: unsaid.join('; ') }) };
}

const arrays = { FLOAT: Float32Array, DOUBLE: Float64Array, UINT8: Uint8Array } as const;

interface Layout {
  readonly dims: readonly number[];
  /** Where a number goes that is counted with channels first. */
  readonly place: (at: number) => number;
}

function layoutOf(
  { name, dims }: Port,
  [channels, height, width]: RawPictures['shape'],
  refuse: (why: string) => Error,
): Layout {
  const area = height * width;
  const fits = (...sizes: readonly number[]): boolean =>
    sizes.length === dims.length - 1 &&
    sizes.every((size, at) => typeof dims[at + 1] !== 'number' || dims[at + 1] === size);
  const asIs = (...sizes: readonly number[]): Layout => ({ dims: sizes, place: (at) => at });
  const isLast = fits(height, width, channels);
  const isFirst = fits(channels, height, width);
  if (isFirst && isLast && channels > 1) {
    // of two possible places of the channels, the one that the model says
    if (dims[1] === channels && dims[3] !== channels) return asIs(channels, height, width);
    if (dims[1] === channels || dims[3] !== channels) throw refuse(`\`${name}\` does not say where channels lie`);
  } else if (isFirst) return asIs(channels, height, width);
  if (isLast) {
    return { dims: [height, width, channels], place: (at) => (at % area) * channels + Math.floor(at / area) };
  }
  if (channels === 1 && fits(height, width)) return asIs(height, width);
  if (channels === 1 && fits(area)) return asIs(area);
  const takes = dims.map((size) => (size === null ? '?' : String(size))).join(', ');
  throw refuse(`\`${name}\` takes [${takes}], and pictures are ${channels} × ${height} × ${width}`);
}

function requireBytes({ raw, areBytes }: RawPictures, said: Said, refuse: (why: string) => Error): void {
  const option = (['pixelRange', 'pixelMean', 'pixelDeviation'] as const).find((name) => said[name] !== undefined);
  if (option !== undefined) throw refuse(`it takes bytes, for which \`${option}\` has no meaning`);
  if (areBytes || raw.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)) return;
  throw refuse('it takes bytes, and pixels are none');
}

/** What black and white are to a model; [MetadataProps](https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md). */
const ranges: Readonly<Record<string, readonly [black: number, white: number]>> = {
  ...({ '0..1': [0, 1], '0..255': [0, 255], '-1..1': [-1, 1] } satisfies Record<PixelRange, [number, number]>),
  ...{ normalized_0_1: [0, 1], nominalrange_0_255: [0, 255], normalized_1_1: [-1, 1], nominalrange_16_235: [16, 235] },
};

function scaled(
  { raw, values, areBytes }: RawPictures,
  { pixelRange, pixelMean, pixelDeviation }: Said,
  metadata: ReadonlyMap<string, string>,
  refuse: (why: string) => Error,
): { readonly scale: Float32Array; readonly assumed?: string } {
  const stated = pixelRange ?? metadata.get('image.nominalpixelrange')?.toLowerCase();
  if (stated !== undefined) {
    const [black, white] = ranges[stated] ?? [];
    if (black === undefined || white === undefined) throw refuse(`it says that pixels are \`${stated.slice(0, 60)}\``);
    return { scale: values.map((value) => black + value * (white - black)) };
  }
  if (areBytes && (pixelMean ?? pixelDeviation) !== undefined) return { scale: values };
  return areBytes
    ? { scale: values, assumed: 'pixels from 0 to 1' }
    : { scale: raw, assumed: 'pixels as they stand in the file' };
}

/** The channel of a picture that goes to each channel of the model. */
function channelOrder(channels: number, metadata: ReadonlyMap<string, string>, refuse: (why: string) => Error) {
  const format = metadata.get('image.bitmappixelformat')?.toLowerCase();
  const orders: Readonly<Record<string, readonly number[]>> = {
    ...{ gray8: [0], rgb8: [0, 1, 2], bgr8: [2, 1, 0], rgba8: [0, 1, 2, 3], bgra8: [2, 1, 0, 3] },
  };
  if (format === undefined) {
    const text = channels === 3 ? 'colours in the order red, green, blue' : undefined;
    return { order: Array.from({ length: channels }, (_, at) => at), text };
  }
  const order = orders[format];
  if (order?.length === channels) return { order, text: undefined };
  throw refuse(`it takes pictures of the format \`${format.slice(0, 60)}\`, and these have ${channels} channels`);
}

function normalisation(channels: number, { pixelMean, pixelDeviation }: Said, refuse: (why: string) => Error) {
  for (const each of [pixelMean, pixelDeviation]) {
    if (each !== undefined && each.length !== channels && each.length !== 1) {
      throw refuse(`${each.length} numbers of \`pixelMean\` or \`pixelDeviation\` do not fit ${channels} channels`);
    }
  }
  const of = (all: readonly number[] | undefined, channel: number, otherwise: number): number =>
    all?.[all.length === 1 ? 0 : channel] ?? otherwise;
  return (value: number, channel: number): number =>
    (value - of(pixelMean, channel, 0)) / of(pixelDeviation, channel, 1);
}
