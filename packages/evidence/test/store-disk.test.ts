import { expect, test, vi } from 'vitest';
import { openEvidenceStore } from '../src/store.ts';

const failure = vi.hoisted(() => ({ code: 'ENOSPC' }));
vi.mock('@holdfast/ledger/durable-file', () => ({
  writeDurably: () => Promise.reject(Object.assign(new Error(failure.code), failure)),
}));

const envelope = { payloadType: 'x', payload: Buffer.from('p'), signature: Buffer.from('s'), keyId: 'k' };
const put = () => openEvidenceStore('nowhere').put('ab'.repeat(32), { envelope, entry: undefined });

test('a full disk is said to be one', async () => {
  await expect(put()).rejects.toMatchObject({ code: 'HF_STORE_DISK_FULL', exit: 3 });
});

test('another error of the disk is passed on', async () => {
  failure.code = 'EROFS';
  await expect(put()).rejects.toMatchObject({ code: 'EROFS' });
});
