import type { ArtifactReader } from '@holdfast/evidence/check';
import { mostSuspectRows, type SuspectRows } from '@holdfast/evidence/predicates/suspect-rows';
import { dataVersion } from '../version.ts';
import type { Accused, Concentrated } from './accused.ts';
import type { PoisonAbout } from './findings.ts';
import type { ReadScene } from './read-scene.ts';

/** What is signed beside the report: which rows are suspect, why, and how sure. */
export function suspectRowsOf(
  artifact: ArtifactReader,
  { read, suspicions, accused, concentrated, isShown, options }: PoisonAbout,
  coverage: { readonly examined: number; readonly total: number; readonly left: readonly string[] },
): SuspectRows {
  const files = artifact.files.map(({ name }) => name);
  const largest = suspicions
    .filter((suspicion) => suspicion.rows.length > 0)
    .toSorted((one, other) => other.share.estimate - one.share.estimate)[0];
  return {
    check: { name: 'data.poison', version: dataVersion },
    options: { ...options },
    labelColumn: read.labelColumn,
    files,
    ...{ examined: coverage.examined, total: coverage.total, suspects: accused.length },
    rows: namedRows(accused, read, files.length > 1),
    share: largest === undefined ? { estimate: 0, low: 0, high: 1 } : { ...largest.share },
    ...sourcesOf(read, concentrated, options.source, isShown),
    left: [...coverage.left].slice(0, 10_000),
  };
}

/** Of too many rows those with the highest scores. */
function namedRows(accused: readonly Accused[], { places }: ReadScene, isFolder: boolean): SuspectRows['rows'] {
  return accused
    .toSorted((one, other) => other.score - one.score)
    .slice(0, mostSuspectRows)
    .toSorted((one, other) => one.row - other.row)
    .map(({ row, score, reasons, detectors }) => {
      const place = places[row] ?? { file: 0, row: row + 1 };
      const inFile = isFolder ? { file: place.file } : {};
      return { ...inFile, row: place.row, score, reasons: [...reasons], detectors: [...detectors] };
    });
}

function sourcesOf(
  { scene: { sources } }: ReadScene,
  concentrated: readonly Concentrated[],
  column: string | undefined,
  isShown: boolean,
): Pick<SuspectRows, 'sources'> {
  if (sources === undefined || column === undefined) return {};
  const suspects = concentrated.slice(0, 1000).map(({ source, rows, suspects: found, p }) => ({
    source: isShown ? (sources.names[source] ?? '').slice(0, 4000) : `source ${source + 1}`,
    ...{ rows, suspects: found, p },
  }));
  return { sources: { column, suspects } };
}
