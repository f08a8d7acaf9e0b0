import type { CheckDescription } from '@holdfast/evidence/check';
import { anomalyCheck } from './anomaly/check.ts';
import { classifyCheck } from './classify/check.ts';
import { coverageCheck } from './coverage/check.ts';
import { driftCheck } from './drift/check.ts';
import { piiCheck } from './pii/check.ts';
import { poisonCheck } from './poison/check.ts';
import { profileCheck } from './profile/check.ts';
import { validateCheck } from './validate/check.ts';

/** Every check of data; descriptions only, so that nothing heavy is loaded. */
export const dataChecks: readonly CheckDescription[] = [
  ...[profileCheck, validateCheck, anomalyCheck],
  ...[coverageCheck, driftCheck, poisonCheck],
  ...[piiCheck, classifyCheck],
];

export { profileCheck };
