import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../repository.ts';
import { aloneInTheirRooms, sharingRooms } from './shared-process.ts';

/** What the next file of the same process would notice. */
const leavesTraces =
  /vi\.(mock|doMock|spyOn|stub)|process\.(chdir|umask|memoryUsage|resourceUsage)\(|process\.env(\[[^\]]*\]|\.\w+) = |useFakeTimers/;

test('a test file that changes or measures its process has one of its own', () => {
  const files = globSync([...sharingRooms], { cwd: root }).filter((file) => !file.includes('.long.'));
  expect(files.length).toBeGreaterThan(100);
  const tracing = files.filter((file) => leavesTraces.test(readFileSync(join(root, file), 'utf8')));
  expect(tracing.sort()).toEqual([...aloneInTheirRooms].sort());
});
