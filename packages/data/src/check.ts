import type { CheckDescription } from '@holdfast/evidence/check';
import { validateCheck } from './validate/check.ts';

/** Every check of data; descriptions only, so that nothing heavy is loaded. */
export const dataChecks: readonly CheckDescription[] = [validateCheck];
