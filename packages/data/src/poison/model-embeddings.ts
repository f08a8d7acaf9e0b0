import type { ArtifactReader } from '@holdfast/evidence/check';
import { InferenceError, modelMetadata, openSession, type Port, type Session } from '@holdfast/inference';
import { DataError } from '../errors.ts';
import { type PixelFeed, pixelFeed } from './model-pixels.ts';
import type { PoisonOptions } from './options.ts';
import type { ReadScene } from './read-scene.ts';
import type { PoisonScene } from './scene.ts';

/** Bytes of a model. */
const largestModel = 2 ** 31 - 1;
/** Rows of one run, and numbers of an embedding. */
const batch = 512;
const mostWidth = 4096;

/** What a model makes of rows, and what it was given that nobody said it takes. */
export interface Embedded {
  readonly embeddings: NonNullable<PoisonScene['embeddings']>;
  readonly assumed?: string | undefined;
}

type Options = Pick<PoisonOptions, 'embedding' | 'pixelRange' | 'pixelMean' | 'pixelDeviation'>;

/**
 * What a model makes of each row: of a picture its pixels, as the input takes them; else its columns of numbers, in their order, as
 * float32, a missing one as 0; one output, all of its numbers.
 *
 * @param options `embedding`: the output; the first unless given
 * @throws DataError HF_DATA_MODEL
 */
export async function modelEmbeddings(read: ReadScene, model: ArtifactReader, options: Options): Promise<Embedded> {
  const [file] = model.files;
  const bytes = await model.read(file?.name ?? '', largestModel);
  const session = await openSession(bytes).catch((cause: unknown) => {
    throw refused(model, cause instanceof Error ? cause.message : 'it cannot be loaded', cause);
  });
  try {
    const [input, ...more] = session.inputs;
    if (input === undefined || more.length > 0)
      throw refused(model, `it has ${session.inputs.length} inputs, and takes one`);
    const feed = feedOf(read, input, { options, model, metadata: modelMetadata(bytes) });
    return { embeddings: await embedded(read.scene, session, feed, { options, model }), assumed: feed.assumed };
  } catch (cause) {
    if (cause instanceof InferenceError) throw refused(model, cause.message, cause);
    throw cause;
  } finally {
    await session.release();
  }
}

interface About {
  readonly options: Options;
  readonly model: ArtifactReader;
}

/** Pictures of files and arrays go in as pictures; so do columns of pixels where the model does not take rows of numbers. */
function feedOf(
  { scene, pictures }: ReadScene,
  input: Port,
  { options, model, metadata }: About & { readonly metadata: ReadonlyMap<string, string> },
): PixelFeed {
  const { images } = scene;
  const refuse = (why: string): DataError => refused(model, why);
  if (images === undefined || (pictures === undefined && input.dims.length === 2)) {
    const odd = (['pixelRange', 'pixelMean', 'pixelDeviation'] as const).find((name) => options[name] !== undefined);
    if (odd !== undefined) throw refuse(`it takes rows of numbers, for which \`${odd}\` has no meaning`);
    return rowFeed(scene);
  }
  const { raw, areBytes } = pictures ?? { raw: rowsOf(numbersOf(scene), 0, scene.rows), areBytes: false };
  return pixelFeed({ ...images, raw, areBytes }, input, options, metadata, refuse);
}

const numbersOf = ({ columns }: PoisonScene): Float64Array[] =>
  columns.flatMap((column) => (column.kind === 'number' ? [column.values] : []));

function rowFeed(scene: PoisonScene): PixelFeed {
  const numbers = numbersOf(scene);
  return {
    ...{ batch, isFixed: false },
    feed: (from, count) => ({ type: 'FLOAT', dims: [count, numbers.length], data: rowsOf(numbers, from, count) }),
  };
}

/** Rows × columns, a missing number as 0. */
function rowsOf(numbers: readonly Float64Array[], from: number, count: number): Float32Array {
  return Float32Array.from({ length: count * numbers.length }, (_, at) => {
    const value = numbers[at % numbers.length]?.[from + Math.floor(at / numbers.length)] ?? 0;
    return Number.isNaN(value) ? 0 : value;
  });
}

async function embedded(
  scene: PoisonScene,
  session: Session,
  feed: PixelFeed,
  { options, model }: About,
): Promise<Embedded['embeddings']> {
  const [input, fetched] = [session.inputs[0]?.name ?? '', options.embedding ?? session.outputs[0]?.name ?? ''];
  if (!session.outputs.some(({ name }) => name === fetched)) throw refused(model, `it has no output \`${fetched}\``);
  let values = new Float32Array();
  let width = 0;
  for (let from = 0; from < scene.rows; from += feed.batch) {
    scene.signal.throwIfAborted();
    const rows = Math.min(feed.batch, scene.rows - from);
    const given = feed.isFixed ? feed.batch : rows;
    const made = (await session.run({ [input]: feed.feed(from, rows) }, [fetched]))[fetched];
    if (made === undefined || made.dims[0] !== given)
      throw refused(model, `\`${fetched}\` is not one row for each row`);
    const flat = Float32Array.from(made.data as ArrayLike<number | bigint>, Number);
    width = flat.length / given;
    if (width < 1 || width > mostWidth)
      throw refused(model, `\`${fetched}\` has ${width} numbers a row, and 1 to ${mostWidth} are taken`);
    if (from === 0) values = new Float32Array(scene.rows * width);
    values.set(flat.subarray(0, rows * width), from * width);
  }
  return { values, width };
}

const refused = ({ name }: ArtifactReader, why: string, cause?: unknown): DataError =>
  new DataError('HF_DATA_MODEL', `\`${name}\` gives no embeddings: ${why}`, {
    where: 'model',
    ...(cause === undefined ? {} : { cause }),
  });
