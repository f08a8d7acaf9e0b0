import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLedger, openLedger } from '../src/index.ts';
import { expectKept, killWriters, startWriter } from './killing.ts';
import { logSigner, origin, temporaryFolder } from './scene.ts';

test('two processes append at once, and log what both have once', async () => {
  const folder = temporaryFolder();
  await (await createLedger(folder, { origin, signers: [logSigner] })).close();
  const ended = await Promise.all(['a', 'b'].map((name) => startWriter(folder, name, { appends: 30 })));
  for (const { code, errors, lines } of ended) {
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(lines.at(-1)).toBe('done');
  }
  // Each turn logs 1 + 37·turn mod 90 entries of its own, and one that both have.
  const own = Array.from({ length: 30 }, (_, turn) => 1 + ((turn * 37) % 90)).reduce((sum, count) => sum + count);
  expect(await expectKept(folder, ended)).toBe(2 * own + 30);
});

test('a process that dies at any disk call loses nothing that it acknowledged', async () => {
  const folder = temporaryFolder();
  await (await createLedger(folder, { origin, signers: [logSigner] })).close();
  let size = 0;
  for (let dieAt = 1; dieAt <= 16; dieAt++) {
    const ended = await startWriter(folder, `c${dieAt}`, { appends: 100, dieAt });
    expect({ signal: ended.signal, errors: ended.errors }).toEqual({ signal: 'SIGKILL', errors: '' });
    const now = await expectKept(folder, [ended]);
    expect(now).toBeGreaterThanOrEqual(size);
    size = now;
  }
  const ledger = await openLedger(folder, { signers: [logSigner] });
  await ledger.append([Buffer.from('after all')]);
  await ledger.close();
  expect(readdirSync(join(folder, '.tmp'))).toEqual([]);
  expect(await expectKept(folder, [])).toBe(size + 1);
});

test('processes that are killed at any moment lose nothing that they acknowledged', async () => {
  const { killed, size } = await killWriters(temporaryFolder(), 8);
  expect(killed).toBeGreaterThanOrEqual(16);
  expect(size).toBeGreaterThan(0);
});
