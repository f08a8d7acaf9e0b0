import { setFlagsFromString } from 'node:v8';
import type { ScanReport } from '@holdfast/scan';
import { type AllowEntry, type AllowList, allowListOf } from '@holdfast/scan/allow-list';
import { parseAllowed } from '@holdfast/scan/parse-allowed';
import { defaultCacheFolder } from '@holdfast/scan/result-cache';
import { type ScanPathsOptions, scanPaths } from '@holdfast/scan/scan-paths';
import { type CommandModule, flag, type Invocation, textOption, textOptions } from '../command.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import { leaveAccess } from '../leave-access.ts';
import { allowedHere } from '../scan/allowed-here.ts';
import { progressLine } from '../scan/progress-line.ts';
import { scanExit, severityOf } from '../scan/scan-exit.ts';
import { scanLines } from '../scan/scan-lines.ts';
import { writeWhole } from '../scan/write-whole.ts';
import type { Terminal } from '../terminal.ts';

// Files of very many parts make much that lives shortly: a young generation that grows for it takes 150 MiB more.
const smallYoungGeneration = '--semi-space-growth-factor=1';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  setFlagsFromString(smallYoungGeneration);
  const threshold = severityOf(textOption(invocation, 'fail-on'));
  const allowed = await allowedHere(invocation.arguments, invocation.folder);
  const access = await leaveAccess(invocation, 'scan', invocation.arguments);
  const notes = [...allowed.lines, ...access];
  const report = await scanned(invocation, allowed.entries, terminal);
  const exit = scanExit(report, threshold);
  const sarif = textOption(invocation, 'sarif');
  if (sarif !== undefined) {
    const { sarifText } = await import('@holdfast/scan/sarif/write-sarif');
    const text = sarifText(report, invocation.folder);
    if (sarif === '-') return { exit, lines: [text], result: report };
    await writeWhole(pathIn(invocation, sarif), `${text}\n`);
  }
  if (!flag(invocation, 'explain')) return { exit, lines: [...scanLines(report, terminal), ...notes], result: report };
  const { explainLines } = await import('../scan/explain-lines.ts');
  return { exit, lines: [...explainLines(report, terminal), ...notes], result: report };
};

async function scanned(
  invocation: Invocation,
  entries: readonly AllowEntry[],
  terminal: Terminal,
): Promise<ScanReport> {
  let stop: ReturnType<typeof interruption> | undefined;
  const signal = (): AbortSignal => (stop ??= interruption()).signal;
  try {
    return await scanPaths(invocation.arguments, {
      ...optionsOf(invocation, entries),
      signal,
      progress: progressLine(terminal),
    });
  } finally {
    stop?.release();
  }
}

function optionsOf(invocation: Invocation, entries: readonly AllowEntry[]): ScanPathsOptions {
  const hash = !flag(invocation, 'no-hash');
  return {
    folder: invocation.folder,
    allow: joined(allowListOf(entries), parseAllowed(textOptions(invocation, 'allow'))),
    hash,
    ...(hash && !flag(invocation, 'no-cache') ? { cacheFolder: defaultCacheFolder() } : {}),
  };
}

const joined = (one: AllowList, other: AllowList): AllowList => ({
  callables: new Set([...one.callables, ...other.callables]),
  digests: new Set([...one.digests, ...other.digests]),
});
