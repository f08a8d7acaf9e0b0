import { open } from 'node:fs/promises';
import { sanitiseForTerminal } from '@holdfast/pipeline/execution/terminal';

const bytesRead = 8192;
const linesShown = 5;
const columnsShown = 64;

/** The last lines of a log, as they may be shown; none when it cannot be read. */
export async function logTail(file: string): Promise<readonly string[]> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    const { buffer, bytesRead: count } = await handle.read({
      buffer: Buffer.alloc(bytesRead),
      position: Math.max(0, size - bytesRead),
    });
    const lines = sanitiseForTerminal(buffer.subarray(0, count)).split('\n');
    return lines
      .filter((line) => line.trim() !== '')
      .slice(-linesShown)
      .map(shorten);
  } catch {
    return [];
  }
}

const shorten = (line: string): string => (line.length > columnsShown ? `${line.slice(0, columnsShown - 1)}…` : line);
