import type { ScanFinding } from '../finding.ts';
import type { FileResult } from '../result.ts';
import { worst } from '../verdict.ts';
import type { FolderFinding } from './judge-folder.ts';

/**
 * The results with what the folder as a whole says about them. A finding about what has no result, a link, gets one of
 * its own, of no bytes.
 */
export function withFolderFindings(
  files: readonly FileResult[],
  findings: readonly FolderFinding[],
): readonly FileResult[] {
  const byPath = new Map<string, ScanFinding[]>();
  for (const { path, finding } of findings) byPath.set(path, [...(byPath.get(path) ?? []), finding]);
  const known = new Set(files.map(({ path }) => path));
  const others = [...byPath.keys()].filter((path) => !known.has(path)).map(emptyResult);
  return [...files, ...others].map((file) => withFindings(file, byPath.get(file.path) ?? []));
}

function emptyResult(path: string): FileResult {
  return { path, size: 0, verdict: 'pass', summary: '', findings: [], left: [], parts: 0, beside: [] };
}

function withFindings(file: FileResult, more: readonly ScanFinding[]): FileResult {
  const verdict = worst([file.verdict, ...more.map((finding) => finding.verdict)]);
  const first = more.find((finding) => finding.verdict === verdict);
  // What the file says of itself stays on its line, unless the folder makes it worse.
  const summary = verdict !== file.verdict && first !== undefined ? first.message : file.summary;
  return { ...file, verdict, summary, findings: [...file.findings, ...more] };
}
