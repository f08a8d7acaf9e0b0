import type { CheckDescription } from '@holdfast/evidence/check';
import { anomalyCheck } from './anomaly/description.ts';

/** Every check of data; descriptions only, so that nothing heavy is loaded. */
export const dataChecks: readonly CheckDescription[] = [anomalyCheck];
