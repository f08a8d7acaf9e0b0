import type { Inspection } from '../../inspection.ts';
import { scanPickle } from '../../pickle/scan-pickle.ts';
import { tryPickle } from '../../pickle/trial.ts';

/** Goes through all pickles of a file, one after the other: a loader may call `load` as often as it likes. */
export async function scanPickles(part: Inspection): Promise<void> {
  const { size } = part.source;
  let count = 0;
  for (let start = 0; start < size; count += 1) {
    if (count > 0 && !isPickle(part, start)) {
      part.leave(`${size - start} bytes follow the last pickle, and are none`, { at: start });
      break;
    }
    if (count >= part.limits.parts) {
      part.leave(`more than ${count} pickles in one file`, { at: start });
      break;
    }
    ({ end: start } = await scanPickle(part, { start, trailing: 'caller' }));
  }
  part.summary = count === 1 ? 'one pickle' : `${count} pickles`;
}

/** What is broken further on is a pickle all the same, if a loader would do something before. */
function isPickle(part: Inspection, start: number): boolean {
  const { end, named, cut } = tryPickle(part.source, start);
  return end !== undefined || named || cut;
}
