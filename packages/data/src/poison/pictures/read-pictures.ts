import { basename } from 'node:path';
import { DatasetError } from '@holdfast/dataset';
import { pictureArrays, picturesOfArray } from '@holdfast/dataset/pictures/picture-arrays';
import { pictureFiles } from '@holdfast/dataset/pictures/picture-files';
import type { Pictures } from '@holdfast/dataset/pictures/pictures';
import { isHousekeeping } from '@holdfast/dataset/table/housekeeping';
import type { ArtifactReader, CheckContext, Coverage } from '@holdfast/evidence/check';
import { requireUnchanged } from '../../artifact-table.ts';
import { isDescription } from '../../database/description.ts';
import { DataError } from '../../errors.ts';
import { tableFiles } from '../../folder/table-files.ts';
import { tableOptions } from '../../table-options.ts';
import type { PoisonOptions } from '../options.ts';
import { categoriesOf, type ReadScene, type RowPlace, requireFewClasses, unlabelledOf } from '../read-scene.ts';
import { choosePictures } from './chosen-pictures.ts';
import { labelsByFolder, labelsByTable } from './folder-labels.ts';
import { pictureColumns } from './picture-columns.ts';
import { rangedPixels } from './pixel-range.ts';

/** Pictures as a scene, and what of them was looked at. */
export interface PictureScene {
  readonly read: ReadScene;
  readonly coverage: Coverage;
}

/** Files that a statement about suspect rows can name. */
const mostFiles = 65_536;

/** What the pictures of an artifact lie in: a folder of image files, or arrays; nothing where it is a table. */
export type PictureFormat = 'images' | 'npy' | 'npz' | 'idx';

/**
 * What the pictures of an artifact lie in: image files in a folder, or arrays whose rows are pictures; undefined where it is a table.
 *
 * @throws as `tableFiles`
 */
export function pictureFormat(
  artifact: ArtifactReader,
  options: Pick<PoisonOptions, 'format' | 'pictures' | 'label'>,
): PictureFormat | undefined {
  if (isDescription(artifact)) return undefined;
  const { format, files } = tableFiles(artifact, options.format);
  if (format === 'images') return format;
  const [file, second] = files;
  if ((format !== 'npy' && format !== 'npz' && format !== 'idx') || file === undefined) return undefined;
  if (second !== undefined) return undefined;
  return options.pictures !== undefined || holdsPictures(file.path, format, options) ? format : undefined;
}

/** What cannot be read here is opened as a table, which says why it cannot. */
function holdsPictures(path: string, format: 'npy' | 'npz' | 'idx', { label }: Pick<PoisonOptions, 'label'>): boolean {
  try {
    return pictureArrays(path, format, labelled(label)).pictures.shape.length > 2;
  } catch (error) {
    if (error instanceof DatasetError) return false;
    throw error;
  }
}

const labelled = (label: string | undefined) => (label === undefined ? {} : { label });

/**
 * Reads pictures, each with its label: the folder that it lies in, a row of a table of labels, or a number of an array.
 *
 * @throws DataError HF_DATA_IMAGES, HF_DATA_OPTIONS, HF_DATA_CHANGED; DatasetError
 */
export async function readPictures(
  artifact: ArtifactReader,
  options: PoisonOptions,
  format: PictureFormat,
  { inputs, signal }: Pick<CheckContext, 'inputs' | 'signal'>,
): Promise<PictureScene> {
  requireFitting(options, format);
  const labels = inputs['labels'];
  if (options.labels !== undefined && labels === undefined) {
    throw new DataError('HF_DATA_IMAGES', `there is no \`${options.labels}\``, { where: 'labels' });
  }
  const found =
    format === 'images' ? await fromFolder(artifact, options, labels) : fromArrays(artifact, options, format, labels);
  signal.throwIfAborted();
  await requireUnchanged(artifact);
  if (labels !== undefined) await requireUnchanged(labels);
  return sceneOf(found, options, signal);
}

/** Options of tables: without a word they would have no effect. */
function requireFitting(options: PoisonOptions, format: PictureFormat): void {
  const read = Object.keys(tableOptions(options)).find(
    (name) => !['format', 'labels', 'memory', 'threads'].includes(name),
  );
  const odd =
    (['source', 'columns', 'leaveOut'] as const).find((name) => options[name] !== undefined) ??
    read ??
    (format === 'images' && options.pictures !== undefined ? 'pictures' : undefined) ??
    (format === 'npz' && options.labels !== undefined ? 'labels' : undefined) ??
    (options.label !== undefined && options.labels === undefined && format !== 'npz' ? 'label' : undefined);
  if (odd === undefined) return;
  const message = `the option \`${odd}\` has no meaning for pictures in \`${format === 'images' ? 'a folder' : format}\``;
  throw new DataError('HF_DATA_OPTIONS', message, { where: odd });
}

interface Found {
  readonly pictures: Pictures;
  /** Of each picture that was read. */
  readonly labels: readonly (string | null)[];
  readonly labelColumn: string;
  readonly placeOf: (place: number) => RowPlace;
  readonly nameOf: (place: number) => string;
}

async function fromFolder(
  artifact: ArtifactReader,
  options: PoisonOptions,
  labels: ArtifactReader | undefined,
): Promise<Found> {
  const { files } = artifact;
  if (files.length > mostFiles) {
    throw new DataError('HF_DATA_IMAGES', `\`${artifact.name}\` holds ${files.length} files, more than ${mostFiles}`, {
      fix: 'write the pictures to arrays (npz with `x` and `y`), or look at parts of them',
    });
  }
  const listed = [...files.keys()].filter((at) => !isHousekeeping(basename(files[at]?.name ?? '')));
  const names = listed.map((at) => files[at]?.name ?? '');
  const isFolder = artifact.digest['dirHash'] !== undefined;
  if (!isFolder) throw new DataError('HF_DATA_IMAGES', `\`${artifact.name}\` is one picture, and no folder of them`);
  const { column, of } = labels === undefined ? labelsByFolder : await labelsByTable(labels, names, options.label);
  const pictures = await pictureFiles(artifact.path, names, choosePictures(options.rows, options.seed));
  const name = (place: number): string => names[place] ?? '';
  return {
    ...{ pictures, labelColumn: column, labels: [...pictures.places].map((place) => of(name(place))) },
    placeOf: (place) => ({ file: listed[place] ?? 0, row: 1 }),
    nameOf: name,
  };
}

function fromArrays(
  artifact: ArtifactReader,
  options: PoisonOptions,
  format: 'npy' | 'npz' | 'idx',
  file: ArtifactReader | undefined,
): Found {
  const path = tableFiles(artifact, format).files[0]?.path ?? artifact.path;
  const beside = file === undefined ? {} : { labels: file.path };
  const arrays = pictureArrays(path, format, { ...labelled(options.label), ...beside });
  const asked = options.pictures?.split('x').map(Number);
  const pictures = picturesOfArray(arrays.pictures, choosePictures(options.rows, options.seed), { asked, path });
  const { labels } = arrays;
  if (labels === undefined) {
    const where = format === 'npz' ? `there is no array \`${options.label ?? 'y'}\`` : 'no file with labels is named';
    throw new DataError('HF_DATA_OPTIONS', `\`${artifact.name}\` has no labels: ${where}`, {
      where: format === 'npz' ? 'label' : 'labels',
    });
  }
  const text = (place: number): string | null => {
    const value = labels.array.at(place);
    return Number.isNaN(value) ? null : String(value);
  };
  return {
    ...{ pictures, labelColumn: labels.name, labels: [...pictures.places].map(text) },
    placeOf: (place) => ({ file: 0, row: place + 1 }),
    nameOf: (place) => `${arrays.name}[${place}]`,
  };
}

function sceneOf(
  { pictures, labels: texts, labelColumn, placeOf, nameOf }: Found,
  { seed, alpha }: PoisonOptions,
  signal: AbortSignal,
): PictureScene {
  const { shape, places, total, unread, areBytes } = pictures;
  const labels = categoriesOf(labelColumn, texts);
  requireFewClasses(labelColumn, labels.levels);
  const { values, left: far } = rangedPixels(pictures.values, areBytes);
  const images = { values, shape };
  const columns = pictureColumns(images, places.length);
  const rows = places.length;
  const scene = { rows, labels: labels.codes, classes: labels.texts, columns, images, alpha, seed, signal };
  const beyond = total - unread - rows;
  const sampled = `${rows} of ${total} pictures were looked at, drawn at random: more are not compared with each other`;
  return {
    read: {
      ...{ scene, places: [...places].map(placeOf), apart: [], more: Math.max(0, beyond), labelColumn },
      unlabelled: unlabelledOf(labels),
      pictures: { raw: pictures.values, areBytes, nameOf: (row) => nameOf(places[row] ?? row) },
    },
    coverage: { examined: rows, total, left: [...(beyond > 0 ? [sampled] : []), ...pictures.left, ...far] },
  };
}
