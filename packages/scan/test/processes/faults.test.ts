import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type ScanPathsOptions, scanPaths } from '../../src/scan-paths.ts';
import { safetensorsFile } from '../safetensors-file.ts';
import { endlessFile, folderWith } from '../temporary-folder.ts';
import { scanningBelow } from './processes-below.ts';

/** A folder with a file that takes long, which is begun first because it is the largest, and one that does not. */
function slowFolder(): string {
  const folder = folderWith({ 'a.safetensors': safetensorsFile() });
  endlessFile(join(folder, 'endless.bin'));
  return folder;
}

/** Scans it in one process, and does something to that as soon as it is at work. */
async function scanAnd(options: ScanPathsOptions, fault?: (pid: number) => void) {
  let [pending, before] = [fault, new Set<number>()];
  before = new Set(scanningBelow(process.pid));
  const { paths } = await scanPaths([slowFolder()], {
    processes: 1,
    ...options,
    progress: ({ bytesDone }) => {
      const [pid] = scanningBelow(process.pid).filter((each) => !before.has(each));
      if (bytesDone === 0 || pid === undefined) return;
      pending?.(pid);
      pending = undefined;
    },
  });
  return paths[0]?.files.map(({ path, verdict, summary }) => [path, verdict, summary]);
}

async function noneLeft(): Promise<void> {
  while (scanningBelow(process.pid).length > 0) await sleep(20);
}

describe.skipIf(process.platform !== 'linux')('a process that scans', { timeout: 60_000 }, () => {
  const clean = ['a.safetensors', 'pass', '1 tensor'];

  test('may die: its file is unknown, the others go on', async () => {
    const files = await scanAnd({}, (pid) => process.kill(pid, 'SIGKILL'));
    expect(files).toEqual([clean, ['endless.bin', 'unknown', 'the process that scanned it died']]);
    await noneLeft();
  });

  test('may hang: it is stopped when its time is over', async () => {
    const files = await scanAnd({ limits: { time: 100 } }, (pid) => process.kill(pid, 'SIGSTOP'));
    expect(files).toEqual([clean, ['endless.bin', 'unknown', 'the scan did not end within 5.1 s: stopped']]);
    await noneLeft();
  });

  test('may not hold more memory than it is allowed to', async () => {
    const files = await scanAnd({ memory: 2 ** 20 });
    expect(files?.at(-1)).toEqual(['endless.bin', 'unknown', 'the scan needed more than 1 MiB of memory: stopped']);
    await noneLeft();
  });

  test('is gone when the scan is interrupted', async () => {
    const controller = new AbortController();
    const scan = scanAnd({ signal: () => controller.signal }, () => {
      controller.abort();
    });
    await expect(scan).rejects.toMatchObject({ code: 'HF_SCAN_INTERRUPTED', exit: 3 });
    await noneLeft();
  });
});
