import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, type TestContext } from 'vitest';
import { ed25519Signer, LedgerError, type LedgerErrorCode, mlDsa44Cosigner, type TileSource } from '../src/index.ts';

export const origin = 'credit-risk.example';
export const logKey = generateKeyPairSync('ed25519').privateKey;
export const logSigner = ed25519Signer(origin, logKey);
export const cosigner = mlDsa44Cosigner(origin, generateKeyPairSync('ml-dsa-44').privateKey);
export const signers = [logSigner, cosigner];
export const trust = { origin, verifierKeys: signers.map((signer) => signer.verifierKey), requireAll: true };

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-ledger-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The entries that the recorded vectors are made of. */
export function numbered(from: number, to: number): Uint8Array[] {
  return Array.from({ length: to - from }, (_, at) => bytes(`entry ${from + at}`));
}

export function base64(data: Uint8Array): string {
  return Buffer.from(data).toString('base64');
}

// The tree once more, as RFC 9162 defines it and in no other way: it is what the package is measured against.
function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function leaf(entry: Uint8Array): Buffer {
  return sha256(Uint8Array.of(0), entry);
}

/** The largest power of two smaller than n, from its binary digits. */
function split(n: number): number {
  return Number.parseInt(`1${'0'.repeat((n - 1).toString(2).length - 1)}`, 2);
}

/** MTH(D) of RFC 9162, section 2.1.1. */
export function mth(entries: readonly Uint8Array[]): Buffer {
  const [first] = entries;
  if (first === undefined) return sha256();
  if (entries.length === 1) return leaf(first);
  const k = split(entries.length);
  return sha256(Uint8Array.of(1), mth(entries.slice(0, k)), mth(entries.slice(k)));
}

/** PATH(m, D) of RFC 9162, section 2.1.3.1. */
export function path(m: number, entries: readonly Uint8Array[]): Buffer[] {
  if (entries.length === 1) return [];
  const k = split(entries.length);
  return m < k
    ? [...path(m, entries.slice(0, k)), mth(entries.slice(k))]
    : [...path(m - k, entries.slice(k)), mth(entries.slice(0, k))];
}

/** SUBPROOF(m, D, b) of RFC 9162, section 2.1.4.1; with b true PROOF(m, D). */
export function subproof(m: number, entries: readonly Uint8Array[], b = true): Buffer[] {
  if (m === entries.length) return b ? [] : [mth(entries)];
  const k = split(entries.length);
  return m <= k
    ? [...subproof(m, entries.slice(0, k), b), mth(entries.slice(k))]
    : [...subproof(m - k, entries.slice(k), false), mth(entries.slice(0, k))];
}

/** A vector of `spec/vectors`. */
export function vector(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../spec/vectors/${name}`, import.meta.url), 'utf8'));
}

/** The error that the work ends with. */
export async function errorOf(work: () => unknown): Promise<LedgerError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LedgerError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Checks with which code, and at which file, the work ends. */
export async function expectCode(work: () => unknown, code: LedgerErrorCode, where?: string): Promise<void> {
  const error = await errorOf(work);
  expect({ code: error.code, message: error.message }).toEqual({ code, message: error.message });
  if (where !== undefined) expect(error.where).toBe(where);
}

/** A ledger in memory, for tampering with. */
export class MemorySource implements TileSource {
  readonly files: Map<string, Uint8Array>;

  constructor(files: Iterable<readonly [string, Uint8Array]>) {
    this.files = new Map(files);
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.files.get(name));
  }

  list(folder: string): Promise<readonly string[]> {
    const inside = [...this.files.keys()].filter((name) => name.startsWith(`${folder}/`));
    return Promise.resolve(inside.map((name) => name.slice(folder.length + 1)));
  }
}

/** Everything in a ledger's folder that is part of the log. */
export function memorySource(folder: string): MemorySource {
  const names = execFileSync('find', ['checkpoint', 'tile', '-type', 'f'], { cwd: folder, encoding: 'utf8' });
  return new MemorySource(
    names
      .trim()
      .split('\n')
      .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))] as const),
  );
}

/** Skips a test that lacks something, or fails it where nothing may be skipped. */
export function needs(context: TestContext, there: boolean, what: string): void {
  if (there) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${what}`);
  context.skip(`needs ${what}`);
}
