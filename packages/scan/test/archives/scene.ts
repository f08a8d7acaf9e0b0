import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import type { FileResult } from '../../src/index.ts';

/** A file that is clean wherever it is: one tensor of one byte. */
export function tensors(byte = 7): Buffer {
  const header = Buffer.from('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'.padEnd(56));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, Buffer.of(byte)]);
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-scan-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** What was found, as `rule` or as `left`, each once. */
export function rulesOf({ findings, left }: FileResult): string[] {
  return [...new Set([...findings.map(({ rule }) => rule), ...left.map(({ reason }) => reason)])];
}

function needs(context: TestContext, isThere: boolean, what: string): void {
  if (isThere) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${what}`);
  context.skip(`needs ${what}`);
}

/** Runs Python in a folder; `torch` is the one with the pins of tools/peers/requirements-scan-torch.txt. */
export function runPython(
  context: TestContext,
  folder: string,
  program: string,
  which: 'plain' | 'torch' = 'plain',
): string {
  const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers');
  const python = which === 'plain' ? 'python3' : join(peers, 'scan-torch', 'bin', 'python');
  const isThere = which === 'plain' ? spawnSync(python, ['--version']).status === 0 : existsSync(python);
  needs(context, isThere, python);
  // From a file: TorchScript wants to read its source.
  writeFileSync(join(folder, 'program.py'), program);
  const words = ['-W', 'ignore', 'program.py'];
  return execFileSync(python, words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a program of the machine in a folder. */
export function runTool(context: TestContext, folder: string, tool: string, ...words: string[]): void {
  needs(context, spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0, tool);
  execFileSync(tool, words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}
