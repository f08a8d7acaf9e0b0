import { type ColumnFound, personalDataOf } from '@holdfast/data/pii/personal-data';
import { sampleHash } from '@holdfast/data/pii/samples';
import { openTable } from '@holdfast/dataset';
import { csvOf, type LabelledColumn, type LabelledTable, type Naming } from './labelled-columns.ts';

interface Counts {
  right: number;
  wrong: number;
  missed: number;
  /** Columns of nobody's that something was found in. */
  invented: number;
  columns: number;
}

export interface Measured extends Counts {
  readonly precision: number;
  readonly recall: number;
}

/**
 * Verdicts on columns against their labels. A column is told rightly when what most of its cells are said to be is its label; in
 * sentences, when the label is among what was found; of nobody's columns nothing may be found. Types without a check digit count
 * where the column is called by them; names and places are not labelled by kind, and do not count.
 */
export async function measured(
  tables: readonly LabelledTable[],
  naming: Naming,
  write: (name: string, text: string) => string,
): Promise<Measured> {
  const counts: Counts = { right: 0, wrong: 0, missed: 0, invented: 0, columns: 0 };
  for (const table of tables) {
    const opened = await openTable(write(`${table.country}-${naming}.csv`, csvOf(table, naming).text), {
      threads: 1,
      header: true,
    });
    const { signal } = new AbortController();
    const looking = {
      ...{ signal, progress: () => undefined, hash: await sampleHash() },
      ...{ samples: 0, minConfidence: 0.5 },
    };
    const { found } = await personalDataOf([opened], { ...looking, finder: undefined });
    await opened.close();
    for (const [place, column] of table.columns.entries()) {
      const own = found.filter((each) => each.place === place);
      if (isCounted(column, naming)) count(column, own, counts);
    }
  }
  const { right, wrong, missed, invented } = counts;
  return { ...counts, precision: right / (right + wrong + invented), recall: right / (right + wrong + missed) };
}

const isCounted = ({ kind, checked }: LabelledColumn, naming: Naming): boolean =>
  kind === 'decoy' || (kind !== 'beyond' && (checked || naming === 'helpful'));

function count({ kind, types }: LabelledColumn, found: readonly ColumnFound[], counts: Counts): void {
  counts.columns += 1;
  if (kind === 'decoy') {
    counts.invented += found.length === 0 ? 0 : 1;
    return;
  }
  const [most] = found
    .filter(({ cells, present }) => 2 * cells >= present)
    .toSorted((one, other) => other.cells - one.cells);
  const isRight =
    kind === 'text' ? found.some(({ name }) => types.includes(name)) : most !== undefined && types.includes(most.name);
  if (isRight) counts.right += 1;
  else if (most === undefined) counts.missed += 1;
  else counts.wrong += 1;
}
