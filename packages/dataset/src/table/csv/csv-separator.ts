import { CsvRecord } from './csv-record.ts';

/** In the order in which they win where several would do. */
const candidates = [',', '\t', ';', '|'];
const looked = 100;

/** What stands between the values: what cuts the most of the first records into as many fields as the first. */
export function separatorOf(bytes: Uint8Array): string {
  let [best, bestScore] = [',', 0];
  for (const separator of candidates) {
    const score = scoreOf(bytes, separator);
    if (score > bestScore) [best, bestScore] = [separator, score];
  }
  return best;
}

function scoreOf(bytes: Uint8Array, separator: string): number {
  const record = new CsvRecord(separator);
  const counts: number[] = [];
  for (let at = 0; at < bytes.length && counts.length < looked && record.read(bytes, at, false); at = record.end) {
    if (record.length > 0) counts.push(record.isBroken ? 0 : record.fields);
  }
  const [first = 0] = counts.length === 0 && record.read(bytes, 0, true) ? [record.fields] : counts;
  if (first < 2) return 0;
  const alike = counts.filter((count) => count === first).length / Math.max(1, counts.length);
  return alike + Math.min(first, 1000) / 1e6;
}
