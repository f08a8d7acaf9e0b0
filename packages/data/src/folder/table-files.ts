import { join } from 'node:path';
import { isHousekeeping } from '@holdfast/dataset/table/housekeeping';
import { kindOfFile, type TableFormat, tableFormatOf } from '@holdfast/dataset/table/table-format';
import type { ArtifactReader } from '@holdfast/evidence/check';
import { DataError } from '../errors.ts';
import { type Partition, partitionsOf } from './partitions.ts';

/** Where the parts of a table lie. */
export interface TableFile {
  readonly path: string;
  /** What the names of its folders say about all of its rows. */
  readonly partitions: readonly Partition[];
}

export interface TableFiles {
  readonly format: TableFormat;
  readonly files: readonly TableFile[];
}

type Named = Pick<ArtifactReader, 'name' | 'path' | 'digest' | 'files'>;

/** Each is opened by itself. */
const mostParts = 1000;

/**
 * What of an artifact is opened as a table.
 *
 * A file is itself. Of a folder every file counts, in folders within it too, except what programs leave that look after folders
 * (`_SUCCESS`, `.DS_Store`; see `isHousekeeping`):
 *
 * - images are one table with a row each, and the folder that an image lies in is its class; a file beside them that is
 *   none is a row without pixels, and said not to be read;
 * - files of one format are parts of one table, in the order of their names; folders like `year=2020` (Hive) are columns;
 * - anything else is refused, since whoever leaves it out would have to guess: files of several formats, images beside tables, a
 *   README, a hidden file.
 *
 * @param format what the files are, where somebody said it
 * @throws DataError HF_DATA_ARTIFACT; DatasetError HF_DATASET_UNREADABLE, HF_DATASET_FORMAT
 */
export function tableFiles(artifact: Named, format?: TableFormat): TableFiles {
  const { path, digest, files } = artifact;
  if (digest['dirHash'] === undefined && files.length === 1) {
    return { format: format ?? tableFormatOf(path), files: [{ path, partitions: [] }] };
  }
  const names = files.map(({ name }) => name).filter((name) => !isHousekeeping(name.split('/').at(-1) ?? ''));
  if (names.length === 0) refuse(`\`${artifact.name}\` holds no file with rows`);
  const found = format ?? formatOf(artifact, names);
  if (found === 'images') return { format: found, files: [{ path, partitions: [] }] };
  if (names.length > mostParts) {
    refuse(`\`${artifact.name}\` holds ${names.length} files, more than ${mostParts}`, 'write the rows to fewer files');
  }
  const partitions = partitionsOf(artifact.name, names);
  return {
    format: found,
    files: names.map((name, index) => ({ path: join(path, name), partitions: partitions[index] ?? [] })),
  };
}

/** The one format of all files. */
function formatOf({ name, path }: Named, names: readonly string[]): TableFormat {
  const firsts = new Map<TableFormat | 'image' | undefined, string>();
  for (const each of names) {
    const kind = kindOfFile(join(path, each));
    if (!firsts.has(kind)) firsts.set(kind, each);
  }
  const tables = [...firsts].filter(([kind]) => kind !== undefined && kind !== 'image');
  const [image, other] = [firsts.get('image'), firsts.get(undefined)];
  const [[format, first] = [], [, second] = []] = tables;
  if (image !== undefined && first === undefined) return 'images';
  if (image !== undefined) {
    const fix = 'declare the folder of images and the table as artifacts of their own';
    return refuse(`\`${name}\` holds images (\`${image}\`) and tables (\`${first ?? ''}\`)`, fix);
  }
  if (first === undefined) return refuse(`\`${name}\` holds no file that is a table`);
  if (second !== undefined) {
    const fix = 'declare the files of one format as an artifact of their own, such as a folder or a single file';
    return refuse(`\`${name}\` holds files of several formats: \`${first}\` and \`${second}\``, fix);
  }
  if (other !== undefined) {
    const fix = `name \`${first}\` itself, move \`${other}\` elsewhere, or say what the files are with \`format\``;
    return refuse(`\`${name}\` holds \`${other}\`, which is no table`, fix);
  }
  return format as TableFormat;
}

function refuse(message: string, fix?: string): never {
  throw new DataError('HF_DATA_ARTIFACT', message, fix === undefined ? {} : { fix });
}
