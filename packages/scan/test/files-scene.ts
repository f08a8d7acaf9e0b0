import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type ByteSource, MemorySource } from '../src/bytes/source.ts';
import { type FileResult, type ScanOptions, scanFile } from '../src/index.ts';

/** A Python with the pins of tools/peers/requirements-NAME.txt. */
function pythonOf(name: string): string {
  return join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers'), name, 'bin', 'python');
}

/** A folder of this test file's own, gone at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-scan-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** @param name of its requirements */
export function needsPython(context: { skip(note: string): unknown }, name = 'scan-tensors'): void {
  if (existsSync(pythonOf(name))) return;
  const need = `needs Python with the pins of requirements-${name}.txt`;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`${need}: ${pythonOf(name)}`);
  context.skip(need);
}

/** What a program prints; it is given words, and a text on its standard input. */
export function runPython(program: string, words: readonly string[] = [], input = '', name = 'scan-tensors'): string {
  return execFileSync(pythonOf(name), ['-c', program, ...words], { encoding: 'utf8', input, maxBuffer: 2 ** 28 });
}

/** Writes a file and scans it as anybody's would be. */
export async function scanBytes(
  folder: string,
  name: string,
  bytes: Uint8Array | string,
  options: ScanOptions = {},
): Promise<FileResult> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return scanFile(path, options);
}

/** Verdict and rules, each once, sorted: what most tests compare. */
export function verdictOf({ verdict, findings }: FileResult): string {
  return [verdict, ...new Set(findings.map(({ rule }) => rule).sort())].join(' ');
}

/** Counts the bytes that are asked for. */
export class CountingSource implements ByteSource {
  readonly size: number;
  bytes = 0;
  readonly #source: ByteSource;

  constructor(bytes: Uint8Array) {
    this.#source = new MemorySource(bytes);
    this.size = bytes.byteLength;
  }

  read(offset: number, length: number): Uint8Array {
    this.bytes += length;
    return this.#source.read(offset, length);
  }
}
