import { randomUUID } from 'node:crypto';
import { SharedJournal, type SharedJournalOptions } from '@holdfast/gateway/idempotency/shared-journal';
import { createClient } from '@redis/client';
import { expect, onTestFinished, test } from 'vitest';
import { needsRedis, startRedis } from '../quotas/redis-server.ts';

const asked = { fingerprint: 'f', artifact: 'sha256:a' };
const answer = { status: 200, headers: { 'content-type': 'a/b' }, body: Buffer.from([0, 255, 10, 200]) };

async function journalAt(address: string, options: Partial<SharedJournalOptions> = {}) {
  const failed: unknown[] = [];
  const given = { address, fail: 'closed', space: 'test', keepMs: 60_000, timeMs: 2000 } as const;
  const journal = await SharedJournal.open({ ...given, failed: (error) => failed.push(error), ...options });
  onTestFinished(() => {
    journal.close();
  });
  return { journal, failed };
}

test('replicas share keys: one executes, the others hear what came of it', async (context) => {
  needsRedis(context);
  const { address } = await startRedis();
  const replicas = await Promise.all([0, 1, 2].map(async () => journalAt(address)));
  const name = randomUUID();
  const claims = await Promise.all(replicas.map(async ({ journal }) => journal.claim(name, asked)));
  expect(claims.filter((held) => held === undefined).length).toBe(1);
  expect(claims.filter((held) => held?.state === 'running').length).toBe(2);
  await replicas[claims.indexOf(undefined)]?.journal.answered(name, asked, answer);
  for (const { journal } of replicas)
    expect(await journal.claim(name, asked)).toEqual({ ...asked, state: 'answered', answer });
  await replicas[0]?.journal.release(name);
  expect(await replicas[1]?.journal.claim(name, asked)).toBeUndefined();
  await replicas[1]?.journal.lost(name, asked);
  expect(await replicas[2]?.journal.claim(name, asked)).toEqual({ ...asked, state: 'unknown' });
});

test('a replica that is gone leaves what nobody knows, and so does what is not understood', async (context) => {
  needsRedis(context);
  const { address } = await startRedis();
  const client = createClient({ url: address });
  await client.connect();
  onTestFinished(() => {
    client.destroy();
  });
  const [gone, other] = [await journalAt(address), await journalAt(address)];
  expect(await gone.journal.claim('n', asked)).toBeUndefined();
  expect(await other.journal.claim('n', asked)).toMatchObject({ state: 'running' });
  gone.journal.close();
  // As its pulse ends by itself after a while.
  for (const key of await client.keys('*:there:*')) await client.del(key);
  expect(await other.journal.claim('n', asked)).toEqual({ ...asked, state: 'unknown' });
  await client.set('holdfast:{test}:once:m', 'odd');
  expect(await other.journal.claim('m', asked)).toEqual({ ...asked, state: 'unknown' });
});

test('a claim that the server took and was too slow to say so is not lost', async (context) => {
  needsRedis(context);
  const server = await startRedis();
  const { journal } = await journalAt(server.address, { timeMs: 300 });
  await server.kill('SIGSTOP');
  await expect(journal.claim('n', asked)).rejects.toMatchObject({ code: 'HF_GATEWAY_COUNTER' });
  await server.kill('SIGCONT');
  await expect.poll(async () => journal.claim('n', asked).catch(() => 'not yet'), { timeout: 20_000 }).toBeUndefined();
  expect(await journal.claim('n', asked)).toMatchObject({ state: 'running' });
});

test('a server that is not there: nobody is served, or each machine counts for itself, as declared', async () => {
  const nobody = 'redis://127.0.0.1:1';
  const { journal, failed } = await journalAt(nobody);
  await expect(journal.claim('n', asked)).rejects.toMatchObject({ code: 'HF_GATEWAY_COUNTER', retryAfter: 1 });
  expect(failed.length).toBeGreaterThan(0);
  const open = await journalAt(nobody, { fail: 'open' });
  expect(await open.journal.claim('n', asked)).toBeUndefined();
  await open.journal.answered('n', asked, answer);
});
