import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftPart, partsOf } from '@holdfast/gateway/log/left-parts';
import { LiveLock } from '@holdfast/gateway/log/live-lock';
import { type LogSegment, RequestLog } from '@holdfast/gateway/log/request-log';
import { temporaryFolder } from '@holdfast/testkit';
import { expect, test } from 'vitest';

const entry = {
  ...{
    id: 'a',
    time: 1,
    model: 'm',
    artifact: 'sha256:a',
    caller: 'key:one',
    operation: 'infer',
    rows: 1,
    status: 200,
  },
  ...{ request: '', answer: '', said: [] },
};

/** A log of three lines in a part, and two in the next, as a process leaves it. */
async function written(folder: string): Promise<LogSegment[]> {
  const segments: LogSegment[] = [];
  const log = new RequestLog({ folder, name: 'g', ended: (segment) => segments.push(segment) });
  for (const count of [3, 2]) {
    for (let at = 0; at < count; at++)
      await new Promise<void>((done) => {
        log.append(entry, () => {
          done();
        });
      });
    log.rotate();
  }
  return segments;
}

const digest = (line: string): string => createHash('sha256').update(line).digest('hex');

test('a part that was left says the same as it would have, had its process ended it', async () => {
  const folder = temporaryFolder();
  const segments = await written(folder);
  const paths = partsOf(folder, 'g');
  expect(paths).toEqual(segments.map(({ path }) => path));
  const left = await Promise.all(paths.map(async (path) => leftPart(path)));
  expect(left).toEqual(segments.map((segment) => ({ isWhole: true, segment, cut: 0 })));
});

test('a torn last line is cut off, and nothing else', async () => {
  const folder = temporaryFolder();
  const [, second] = await written(folder);
  const path = second?.path ?? '';
  const before = readFileSync(path, 'utf8');
  for (const torn of ['{"seq', before.split('\n')[0] ?? '', '\u0000']) {
    writeFileSync(path, before + torn);
    expect(await leftPart(path)).toEqual({ isWhole: true, segment: second, cut: Buffer.byteLength(torn) });
    expect(readFileSync(path, 'utf8')).toBe(before);
  }
  writeFileSync(path, '{"sequence":0');
  expect(await leftPart(path)).toBeUndefined();
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('a chain that is broken becomes no evidence, and is left as it is', async () => {
  const folder = temporaryFolder();
  const [first] = await written(folder);
  const path = first?.path ?? '';
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const [one = '', two = '', three = ''] = lines;
  const other = two.replace('"status":200', '"status":403');
  const forged = three.replace(/"before":"[0-9a-f]+"/, `"before":"${digest(one)}"`);
  const cases: readonly (readonly [string, string])[] = [
    [[one, other, three].join('\n'), 'line 3 does not follow the one before'],
    [[one, three].join('\n'), 'line 2 does not follow the one before'],
    [[one, forged].join('\n'), 'line 2 does not follow the one before'],
    [[one, '{}', three].join('\n'), 'line 2 is no entry'],
    [['nothing', two].join('\n'), 'line 1 is no entry'],
    [`${one}\n${'x'.repeat(2 ** 21)}`, 'a line is longer than any that is written'],
  ];
  for (const [text, why] of cases) {
    writeFileSync(path, `${text}\n`);
    expect(await leftPart(path)).toEqual({ isWhole: false, path, why });
    expect(readFileSync(path, 'utf8')).toBe(`${text}\n`);
  }
});

test('parts of one log are not those of another whose name begins alike', () => {
  const folder = temporaryFolder();
  for (const name of ['g-1-000001.jsonl', 'g-000001.jsonl', 'g-1-2-000001.jsonl', 'g-1-000001.jsonl.tmp']) {
    appendFileSync(join(folder, name), '');
  }
  expect(partsOf(folder, 'g-1')).toEqual([join(folder, 'g-1-000001.jsonl')]);
});

test('who is there holds its lock, and nobody else gets it', async () => {
  const folder = temporaryFolder();
  const held = await LiveLock.take(folder, 'g');
  expect(held).toBeDefined();
  expect(await LiveLock.take(folder, 'g')).toBeUndefined();
  expect(await LiveLock.take(folder, 'other')).toBeDefined();
  held?.release(false);
  const again = await LiveLock.take(folder, 'g');
  expect(again).toBeDefined();
  again?.release(true);
});
