import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classifyCheck } from '@holdfast/data/classify/check';
import { piiCheck } from '@holdfast/data/pii/check';
import type { ArtifactReader, CheckDescription, Report } from '@holdfast/evidence/check';
import { readerOf } from '../anomaly/anomaly-scene.ts';

export interface Looked {
  readonly classification?: ArtifactReader['classification'];
  readonly sampleKey?: string;
}

async function look(
  check: CheckDescription,
  path: string,
  options: Readonly<Record<string, unknown>>,
  { classification, sampleKey }: Looked,
): Promise<Report> {
  const key = sampleKey === undefined ? undefined : await readerOf(sampleKey);
  const inputs = key === undefined ? {} : { sampleKey: { ...key, read: async () => readFile(key.path) } };
  const given = { threads: 2, memory: '1GB', ...options, ...(sampleKey === undefined ? {} : { sampleKey }) };
  const { signal } = new AbortController();
  const run = await check.load();
  return run.run(await readerOf(path, classification), given, { signal, inputs, progress: () => undefined });
}

/** What `data.pii` says about a file. */
export const piiOf = async (path: string, options = {}, looked: Looked = {}): Promise<Report> =>
  look(piiCheck, path, options, looked);

/** What `data.classify` says about a file. */
export const classOf = async (path: string, options = {}, looked: Looked = {}): Promise<Report> =>
  look(classifyCheck, path, options, looked);

/** `column kind cells/present` of each finding about what was found. */
export const foundIn = ({ findings }: Report): string[] =>
  findings.flatMap(({ message }) => {
    const [, column = '', kind = '', cells = '', present = ''] =
      /^`(.*?)`: .*? \(([a-z0-9-]+)\) in (\d+) cells? of (\d+) /.exec(message) ?? [];
    return kind === '' ? [] : [`${column} ${kind} ${cells}/${present}`];
  });

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Writes a CSV file whose columns are given by their names. */
export function csvOf(
  folder: string,
  columns: Readonly<Record<string, readonly string[]>>,
  name = 'table.csv',
): string {
  const names = Object.keys(columns);
  const rows = Math.max(0, ...Object.values(columns).map(({ length }) => length));
  const lines = Array.from({ length: rows }, (_, row) =>
    names.map((each) => quoted(columns[each]?.[row] ?? '')).join(','),
  );
  const path = join(folder, name);
  writeFileSync(path, [names.map(quoted).join(','), ...lines, ''].join('\n'));
  return path;
}

/** Card numbers with Luhn's digit: what is doubled counts from the right (ISO/IEC 7812-1, annex B). */
export function cards(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const body = `4${String(100_000_000_000_000 + at * 7_919_191_919)
      .padStart(14, '0')
      .slice(-14)}`;
    const sum = Array.from(body).reduce((total, sign, place) => {
      const digit = Number(sign) * (place % 2 === 0 ? 2 : 1);
      return total + (digit > 9 ? digit - 9 : digit);
    }, 0);
    return body + String((10 - (sum % 10)) % 10);
  });
}

/** German IBANs: 98 less the remainder of what is moved to the end (ISO 13616, ISO 7064 MOD 97-10). */
export function ibans(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const account = `370400440${String(532_013_000 + at * 37)}`.slice(0, 18).padEnd(18, '0');
    const check = 98n - (BigInt(`${account}131400`) % 97n);
    return `DE${String(check).padStart(2, '0')}${account}`;
  });
}
