import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { generatePrivateKey, keySigner } from '../src/keys.ts';
import { signModel } from '../src/model-signing/sign.ts';

vi.mock('@holdfast/ledger/durable-file', () => ({
  writeDurably: () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })),
}));

test('a full disk is said to be one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-digest-'));
  writeFileSync(join(folder, 'weights.bin'), 'w');
  const signing = signModel(folder, keySigner(generatePrivateKey()));
  await expect(signing).rejects.toMatchObject({ code: 'HF_STORE_DISK_FULL', exit: 3 });
  rmSync(folder, { recursive: true });
});
