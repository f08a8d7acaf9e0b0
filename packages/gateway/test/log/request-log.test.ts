import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RequestEntry } from '../../src/log/entry.ts';
import { type LogSegment, RequestLog } from '../../src/log/request-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const entry = (id: string): RequestEntry => ({
  ...{ id, time: 1, model: 'm', artifact: 'sha256:a', caller: 'key:one', operation: 'infer', rows: 1, status: 200 },
  ...{ request: '', answer: '', said: [] },
});

const appended = async (log: RequestLog, id: string): Promise<void> =>
  new Promise((resolve, reject) => {
    log.append(entry(id), (error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });

function logOf(): { log: RequestLog; ended: LogSegment[] } {
  const ended: LogSegment[] = [];
  const log = new RequestLog({ folder, name: 'g', ended: (segment) => ended.push(segment) });
  return { log, ended };
}

interface Line {
  readonly sequence: number;
  readonly before: string;
  readonly id: string;
}

const linesIn = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a log of requests', () => {
  test('is with the system when it says so, several together, in their order', async () => {
    const { log } = logOf();
    await Promise.all(['a', 'b', 'c'].map(async (id) => appended(log, id)));
    const [file] = readdirSync(folder);
    const lines = linesIn(join(folder, file ?? ''));
    expect(lines.map((line) => (JSON.parse(line) as Line).id)).toEqual(['a', 'b', 'c']);
    expect(statSync(join(folder, file ?? '')).mode & 0o777).toBe(0o600);
  });

  test('chains each line to the one before, over its parts', async () => {
    const { log, ended } = logOf();
    await appended(log, 'a');
    await appended(log, 'b');
    log.rotate();
    await appended(log, 'c');
    log.rotate();
    log.rotate();
    expect(ended.map(({ entries, first }) => ({ entries, first }))).toEqual([
      { entries: 2, first: 0 },
      { entries: 1, first: 2 },
    ]);
    const lines = ended.flatMap(({ path }) => linesIn(path));
    const parsed = lines.map((line) => JSON.parse(line) as Line);
    expect(parsed.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    expect(parsed.map(({ before }) => before)).toEqual(['0'.repeat(64), sha256(lines[0]!), sha256(lines[1]!)]);
    expect(ended.map(({ before, last }) => [before, last])).toEqual([
      ['0'.repeat(64), sha256(lines[1]!)],
      [sha256(lines[1]!), sha256(lines[2]!)],
    ]);
  });

  test('that cannot be written says so to whoever waits, and takes nothing more', async () => {
    const { log, ended } = logOf();
    rmSync(folder, { recursive: true });
    await expect(appended(log, 'a')).rejects.toThrow('ENOENT');
    await expect(appended(log, 'b')).rejects.toThrow('ENOENT');
    log.rotate();
    expect(ended).toEqual([]);
  });

  test('never adds to what is there', async () => {
    const { log } = logOf();
    await appended(log, 'a');
    await expect(appended(logOf().log, 'b')).rejects.toThrow('EEXIST');
  });
});
