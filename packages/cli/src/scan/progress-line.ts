import type { Progress } from '@holdfast/scan/paths/scan-progress';
import type { Terminal } from '../terminal.ts';
import { sizeText, timeText } from './words.ts';

/** A line is drawn at most this often, in milliseconds; nothing before the first. */
const pause = 200;
/** Before this many milliseconds nobody can tell how long it will take. */
const settled = 2000;

/** `120 of 537 MB   3 of 12 files   4 s left`, on a terminal only. */
export function progressLine(terminal: Terminal): (progress: Progress) => void {
  const began = performance.now();
  let drawn = began;
  return ({ files, filesDone, bytes, bytesDone }) => {
    const now = performance.now();
    if (now - drawn < pause) return;
    drawn = now;
    const elapsed = now - began;
    const left = bytesDone > 0 ? (elapsed / bytesDone) * (bytes - bytesDone) : 0;
    const forecast =
      elapsed > settled && left > 0
        ? `   ${timeText(Math.max(1, Math.round(left / 1000))).replace('.0', '')} left`
        : '';
    terminal.progress(`${sizeText(bytesDone)} of ${sizeText(bytes)}   ${filesDone} of ${files} files${forecast}`);
  };
}
