import { openTable, type Table } from '@holdfast/dataset';
import { tableFormatOf } from '@holdfast/dataset/table/table-format';
import type { ArtifactReader } from '@holdfast/evidence/check';
import { requireUnchanged } from '../../artifact-table.ts';
import { DataError } from '../../errors.ts';

/** What a column is called that names the file of a picture; `file_name` is that of Hugging Face's image folders. */
const fileNames = ['file_name', 'file', 'path', 'filename', 'image'];
const defaultLabel = 'label';
/** Rows of such a file. */
const mostRows = 10_000_000;

/** What stands in the place of a label: a column with its texts, by the file of the picture. */
export interface FolderLabels {
  readonly column: string;
  readonly of: (file: string) => string | null;
}

/** The folder that a picture lies in is its label. */
export const labelsByFolder: FolderLabels = {
  column: 'class',
  of: (file) => file.split('/').slice(0, -1).join('/') || null,
};

/**
 * The labels of a table with a row for each picture: a column with its path in the folder, and one with its label.
 *
 * @param files of the pictures; rows about others are passed over, as of pictures that were set aside, and all of them are refused
 * @throws DataError HF_DATA_IMAGES, HF_DATA_OPTIONS; DatasetError
 */
export async function labelsByTable(
  file: ArtifactReader,
  files: readonly string[],
  label: string | undefined,
): Promise<FolderLabels> {
  const table = await openTable(file.path, { format: tableFormatOf(file.path), memory: '1GB' });
  try {
    const column = label ?? defaultLabel;
    const named = fileNames.find((name) => table.columns.some((each) => each.name === name));
    if (named === undefined) throw refused(`\`${file.name}\` has no column \`${fileNames.join('`, `')}\``);
    if (table.rows > mostRows) throw refused(`\`${file.name}\` has more than ${mostRows} rows`);
    const texts = await textsOf(table, named, column, file.name);
    await requireUnchanged(file);
    if (!files.some((each) => texts.has(each))) throw refused(`\`${file.name}\` has a label for none of the pictures`);
    return { column, of: (each) => texts.get(each) ?? null };
  } finally {
    await table.close();
  }
}

async function textsOf(
  { engine, relation, columns }: Table,
  named: string,
  label: string,
  file: string,
): Promise<Map<string, string | null>> {
  const [path, text] = [named, label].map((name) => columns.find((column) => column.name === name));
  if (path === undefined || text === undefined) {
    throw new DataError('HF_DATA_OPTIONS', `there is no column \`${label.slice(0, 200)}\` in \`${file}\``, {
      where: 'label',
    });
  }
  const { dialect } = engine;
  const asked = [path, text].map(({ value, type }) => dialect.text(value, type));
  const texts = new Map<string, string | null>();
  for await (const [paths = [], labels = []] of engine.stream(`SELECT ${asked.join(', ')} FROM ${relation}`)) {
    for (const [at, each] of paths.entries()) {
      const name = String(each ?? '').replace(/^\.\//, '');
      if (texts.has(name)) throw refused(`\`${file}\` names \`${name.slice(0, 200)}\` twice`);
      const found = labels[at] ?? null;
      texts.set(name, found === null ? null : String(found));
    }
  }
  return texts;
}

const refused = (message: string): DataError =>
  new DataError('HF_DATA_IMAGES', message, {
    where: 'labels',
    fix: 'give a table with a row for each picture: its path in the folder (`file_name`) and its `label`',
  });
