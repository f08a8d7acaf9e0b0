import { allowNothing } from '../../src/allow-list.ts';
import type { ScanFinding } from '../../src/finding.ts';
import type { ScanReport } from '../../src/paths/report.ts';
import type { FileResult } from '../../src/result.ts';
import { scannerOf } from '../../src/scanner.ts';

/** A report about files that nobody scanned. */
export function reportWith(files: readonly Partial<FileResult>[]): ScanReport {
  const whole = files.map(
    (file): FileResult => ({
      ...{ path: 'a', size: 1, verdict: 'fail', summary: '', findings: [], left: [], parts: 0, beside: [] },
      ...file,
    }),
  );
  return {
    scanner: scannerOf(allowNothing),
    verdict: 'fail',
    paths: [{ path: 'models', kind: 'folder', verdict: 'fail', files: whole, ignored: [] }],
    totals: { files: files.length, bytes: 1, pass: 0, warn: 0, unknown: 0, fail: files.length },
    seconds: 1,
  };
}

export function findingWith(about: Partial<ScanFinding>): ScanFinding {
  const whole = { rule: 'scan.polyglot', severity: 'high', verdict: 'fail', message: 'it is two', part: [] } as const;
  return { ...whole, ...about };
}
