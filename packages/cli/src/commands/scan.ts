import type { ScanReport } from '@holdfast/scan';
import { parseAllowed } from '@holdfast/scan/parse-allowed';
import { defaultCacheFolder } from '@holdfast/scan/result-cache';
import { type ScanPathsOptions, scanPaths } from '@holdfast/scan/scan-paths';
import { type CommandModule, flag, type Invocation, textOption, textOptions } from '../command.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import { progressLine } from '../scan/progress-line.ts';
import { scanExit, severityOf } from '../scan/scan-exit.ts';
import { scanLines } from '../scan/scan-lines.ts';
import { writeWhole } from '../scan/write-whole.ts';
import type { Terminal } from '../terminal.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const threshold = severityOf(textOption(invocation, 'fail-on'));
  const report = await scanned(invocation, terminal);
  const exit = scanExit(report, threshold);
  const sarif = textOption(invocation, 'sarif');
  if (sarif !== undefined) {
    const { sarifText } = await import('@holdfast/scan/sarif/write-sarif');
    const text = sarifText(report, invocation.folder);
    if (sarif === '-') return { exit, lines: [text], result: report };
    await writeWhole(pathIn(invocation, sarif), `${text}\n`);
  }
  if (!flag(invocation, 'explain')) return { exit, lines: scanLines(report, terminal), result: report };
  const { explainLines } = await import('../scan/explain-lines.ts');
  return { exit, lines: explainLines(report, terminal), result: report };
};

async function scanned(invocation: Invocation, terminal: Terminal): Promise<ScanReport> {
  let stop: ReturnType<typeof interruption> | undefined;
  const signal = (): AbortSignal => (stop ??= interruption()).signal;
  try {
    return await scanPaths(invocation.arguments, {
      ...optionsOf(invocation),
      signal,
      progress: progressLine(terminal),
    });
  } finally {
    stop?.release();
  }
}

function optionsOf(invocation: Invocation): ScanPathsOptions {
  const hash = !flag(invocation, 'no-hash');
  return {
    folder: invocation.folder,
    allow: parseAllowed(textOptions(invocation, 'allow')),
    hash,
    ...(hash && !flag(invocation, 'no-cache') ? { cacheFolder: defaultCacheFolder() } : {}),
  };
}
