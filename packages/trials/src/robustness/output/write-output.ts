import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npzOf } from '@holdfast/dataset/write-npz';
import { writePng } from '@holdfast/dataset/write-png';
import type { Report } from '@holdfast/evidence/check';
import { TrialsError } from '../../errors.ts';
import type { TrialResult } from '../trial-result.ts';
import { contactSheet } from './contact-sheet.ts';
import { examplesOf } from './examples.ts';
import { robustnessPage } from './page.ts';
import { reportText } from './report-text.ts';

/** What a trial leaves in a folder; the last is there only where samples are pictures. */
export const outputFiles = {
  report: 'report.json',
  samples: 'adversarial.npz',
  page: 'robustness.html',
  sheet: 'adversarial.png',
} as const;

/**
 * Writes what a trial came to, each file whole or not at all, the report last.
 * @param name what the model is called
 * @returns the names of the files
 * @throws TrialsError HF_TRIALS_OUTPUT
 */
export async function writeOutput(
  folder: string,
  name: string,
  result: TrialResult,
  report: Report,
): Promise<string[]> {
  const examples = examplesOf(result);
  const sheet = examples.length === 0 ? [] : ([[outputFiles.sheet, sheetOf(result, examples)]] as const);
  const files = [
    ...sheet,
    [outputFiles.page, robustnessPage(name, result, report)],
    [outputFiles.samples, samplesOf(result)],
    [outputFiles.report, reportText(name, result, report)],
  ] as const;
  try {
    await mkdir(folder, { recursive: true });
    for (const [file, content] of files) await writeWhole(join(folder, file), content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TrialsError('HF_TRIALS_OUTPUT', `the result cannot be written to \`${folder}\`: ${reason}`, { cause });
  }
  return files.map(([file]) => file).reverse();
}

const sheetOf = ({ subject }: TrialResult, examples: ReturnType<typeof examplesOf>): Uint8Array =>
  writePng(contactSheet(examples, subject.classNames));

/** The rows that attacks broke; with `x` and `y` a file of samples like any other. */
function samplesOf({ subject, rows, changed }: TrialResult): Uint8Array {
  const count = changed.rows.length;
  const shape = [count, ...subject.dims];
  const known = new Map(rows.map((row) => [row.row, row]));
  const numbers = (of: (row: number) => number | undefined) => ({
    shape: [count],
    data: Int32Array.from(changed.rows, (row) => of(row) ?? -1),
  });
  return npzOf({
    x: { shape, data: changed.changed },
    y: numbers((row) => known.get(row)?.label),
    became: numbers((row) => known.get(row)?.became),
    row: numbers((row) => row),
    original: { shape, data: changed.original },
  });
}

async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
