import type { ArtifactReader, OperationContext } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { requireUnchanged } from '../artifact-table.ts';
import { DataError } from '../errors.ts';
import { tableFiles } from '../folder/table-files.ts';
import type { PictureFormat } from '../poison/pictures/read-pictures.ts';
import type { QuarantineOptions } from './options.ts';
import { dividedArrays, requireNpz } from './picture-arrays.ts';
import { divideFolder, numberedPictures, requireNewFolder, type TwoPaths } from './picture-folders.ts';
import { type Chosen, chosenRows } from './suspects.ts';

/** What was divided, for the report. */
export interface DividedPictures {
  readonly rows: number;
  readonly chosen: Chosen;
  /** Digest of what is kept. */
  readonly kept: Readonly<Record<string, string>>;
  /** The pictures that were set aside, as a report names them. */
  readonly names: readonly string[];
}

/**
 * Divides pictures into those that are kept and those that are set aside: a folder into two folders, arrays into two npz.
 *
 * @throws DataError HF_DATA_OPTIONS, HF_DATA_SUSPECTS, HF_DATA_ARTIFACT, HF_DATA_CHANGED; DatasetError
 */
export async function quarantinePictures(
  artifact: ArtifactReader,
  format: PictureFormat,
  paths: TwoPaths,
  options: QuarantineOptions,
  context: OperationContext,
): Promise<DividedPictures> {
  const divided =
    format === 'images'
      ? await folder(artifact, paths, options, context)
      : await arrays(artifact, format, paths, options, context);
  await requireUnchanged(artifact);
  return { ...divided, kept: { ...(await digestArtifact(paths.kept)).digests } };
}

type Divided = Omit<DividedPictures, 'kept'>;

async function folder(
  artifact: ArtifactReader,
  paths: TwoPaths,
  options: QuarantineOptions,
  context: OperationContext,
): Promise<Divided> {
  if (options.labels !== undefined) {
    throw new DataError('HF_DATA_OPTIONS', 'the option `labels` has no meaning for pictures in `a folder`', {
      where: 'labels',
    });
  }
  requireNewFolder(paths.kept);
  requireNewFolder(paths.setAside);
  const pictures = numberedPictures(artifact);
  const chosen = await chosenRows(artifact, options, context, { total: pictures.length, pictures });
  const names = chosen.rows.map((row) => pictures[row - 1] ?? '');
  const { signal } = context;
  const progress = (done: number): void => {
    context.progress(done);
  };
  await divideFolder(artifact, new Set(names), paths, { signal, progress });
  return { rows: pictures.length, chosen, names };
}

async function arrays(
  artifact: ArtifactReader,
  format: 'npy' | 'npz' | 'idx',
  paths: TwoPaths,
  options: QuarantineOptions,
  context: OperationContext,
): Promise<Divided> {
  requireNpz(paths.kept, context.isForced);
  requireNpz(paths.setAside, context.isForced);
  const labels = context.inputs['labels'];
  if (options.labels !== undefined && labels === undefined) {
    throw new DataError('HF_DATA_OPTIONS', `there is no \`${options.labels}\``, { where: 'labels' });
  }
  const path = tableFiles(artifact, format).files[0]?.path ?? artifact.path;
  const divided = dividedArrays(path, format, labels?.path);
  const chosen = await chosenRows(artifact, options, context, { total: divided.rows });
  await divided.divide(new Set(chosen.rows.map((row) => row - 1)), paths, context.isForced);
  if (labels !== undefined) await requireUnchanged(labels);
  context.progress(1);
  return { rows: divided.rows, chosen, names: [] };
}
