import type { Inspection } from '../../inspection.ts';
import { scanPickle } from '../../pickle/scan-pickle.ts';
import { headerOf } from './header.ts';
import { numpyRules } from './rules.ts';

/** Reads the header; numbers are counted, and objects are a pickle: `numpy.load(…, allow_pickle=True)` loads it. */
export async function scanNumpy(part: Inspection): Promise<void> {
  const { element, count, shape, data } = headerOf(part.source);
  const size = part.source.size - data;
  part.summary = `array of ${shape.join(' × ')} ${element === 'object' ? 'objects' : 'numbers'}`;
  if (element === 'object') {
    await scanPickle(part, { start: data });
    return;
  }
  const expected = count * BigInt(element.bytes);
  if (expected !== BigInt(size)) {
    const message = `the header says ${expected} bytes of data, and there are ${size}`;
    part.report(numpyRules.length, { message, at: data });
  }
  part.scan.progress(part.source.size);
}
