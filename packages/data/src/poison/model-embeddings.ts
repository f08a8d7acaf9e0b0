import type { ArtifactReader } from '@holdfast/evidence/check';
import { InferenceError, openSession, type Session } from '@holdfast/inference';
import { DataError } from '../errors.ts';
import type { PoisonScene } from './scene.ts';

/** Bytes of a model. */
const largestModel = 2 ** 31 - 1;
/** Rows of one run, and numbers of an embedding. */
const batch = 512;
const mostWidth = 4096;

/**
 * What a model makes of each row: its columns of numbers, in their order, as float32, a missing one as 0; one output, all of its numbers.
 *
 * @param output its name; the first unless given
 * @throws DataError HF_DATA_MODEL
 */
export async function modelEmbeddings(
  scene: PoisonScene,
  model: ArtifactReader,
  output: string | undefined,
): Promise<NonNullable<PoisonScene['embeddings']>> {
  const [file] = model.files;
  const bytes = await model.read(file?.name ?? '', largestModel);
  const session = await openSession(bytes).catch((cause: unknown) => {
    throw refused(model, cause instanceof Error ? cause.message : 'it cannot be loaded', cause);
  });
  try {
    return await embedded(scene, session, output, model);
  } catch (cause) {
    if (cause instanceof InferenceError) throw refused(model, cause.message, cause);
    throw cause;
  } finally {
    await session.release();
  }
}

async function embedded(scene: PoisonScene, session: Session, output: string | undefined, model: ArtifactReader) {
  const [input, ...more] = session.inputs;
  const fetched = output ?? session.outputs[0]?.name ?? '';
  if (input === undefined || more.length > 0)
    throw refused(model, `it has ${session.inputs.length} inputs, and takes one`);
  if (!session.outputs.some(({ name }) => name === fetched)) throw refused(model, `it has no output \`${fetched}\``);
  const numbers = scene.columns.flatMap((column) => (column.kind === 'number' ? [column.values] : []));
  let values = new Float32Array();
  let width = 0;
  for (let from = 0; from < scene.rows; from += batch) {
    scene.signal.throwIfAborted();
    const rows = Math.min(batch, scene.rows - from);
    const data = Float32Array.from({ length: rows * numbers.length }, (_, at) => {
      const value = numbers[at % numbers.length]?.[from + Math.floor(at / numbers.length)] ?? 0;
      return Number.isNaN(value) ? 0 : value;
    });
    const found = await session.run({ [input.name]: { type: 'FLOAT', dims: [rows, numbers.length], data } }, [fetched]);
    const made = found[fetched];
    if (made === undefined || made.dims[0] !== rows) throw refused(model, `\`${fetched}\` is not one row for each row`);
    const flat = Float32Array.from(made.data as ArrayLike<number | bigint>, Number);
    width = flat.length / rows;
    if (width < 1 || width > mostWidth)
      throw refused(model, `\`${fetched}\` has ${width} numbers a row, and 1 to ${mostWidth} are taken`);
    if (from === 0) values = new Float32Array(scene.rows * width);
    values.set(flat, from * width);
  }
  return { values, width };
}

const refused = ({ name }: ArtifactReader, why: string, cause?: unknown): DataError =>
  new DataError('HF_DATA_MODEL', `\`${name}\` gives no embeddings: ${why}`, {
    where: 'model',
    ...(cause === undefined ? {} : { cause }),
  });
