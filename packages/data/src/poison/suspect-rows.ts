import type { ArtifactReader } from '@holdfast/evidence/check';
import { mostSuspectRows, type SuspectRows } from '@holdfast/evidence/predicates/suspect-rows';
import { dataVersion } from '../version.ts';
import type { PoisonAbout } from './findings.ts';

/** What is signed beside the report: which rows are suspect, why, and how sure. */
export function suspectRowsOf(
  artifact: ArtifactReader,
  { read, suspicions, accused, concentrated, isShown, options }: PoisonAbout,
  coverage: { readonly examined: number; readonly total: number; readonly left: readonly string[] },
): SuspectRows {
  const { places, scene } = read;
  const files = artifact.files.map(({ name }) => name);
  const kept = accused.toSorted((one, other) => other.score - one.score).slice(0, mostSuspectRows);
  const rows = kept
    .toSorted((one, other) => one.row - other.row)
    .map(({ row, score, reasons, detectors }) => {
      const place = places[row] ?? { file: 0, row: row + 1 };
      const inFile = files.length > 1 ? { file: place.file } : {};
      return { ...inFile, row: place.row, score, reasons: [...reasons], detectors: [...detectors] };
    });
  const alarms = suspicions.filter((suspicion) => suspicion.rows.length > 0);
  const largest = alarms.toSorted((one, other) => other.share.estimate - one.share.estimate)[0];
  return {
    check: { name: 'data.poison', version: dataVersion },
    options: { ...options },
    labelColumn: options.label,
    files,
    ...{ examined: coverage.examined, total: coverage.total, suspects: accused.length, rows },
    share: largest === undefined ? { estimate: 0, low: 0, high: 1 } : { ...largest.share },
    ...(scene.sources === undefined || options.source === undefined
      ? {}
      : {
          sources: {
            column: options.source,
            suspects: concentrated.slice(0, 1000).map(({ source, rows: all, suspects, p }) => ({
              source: isShown ? (scene.sources?.names[source] ?? '').slice(0, 4000) : `source ${source + 1}`,
              ...{ rows: all, suspects, p },
            })),
          },
        }),
    left: [...coverage.left].slice(0, 10_000),
  };
}
