import type { Inspection } from '../../inspection.ts';
import { codeRules } from './rules.ts';

/** @param what with its article: `Python`, `a shell script` */
export function reportCode(part: Inspection, what: string): void {
  part.report(codeRules.beside, { message: `${what}: code that is not judged here`, at: 0 });
}
