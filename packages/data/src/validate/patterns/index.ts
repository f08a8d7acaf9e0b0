export {
  type PatternFailure,
  type PatternLimits,
  PatternProcess,
  PatternUnfinished,
  patternLimits,
} from './pattern-process.ts';
export { type PythonPattern, pythonPattern } from './python-pattern.ts';
export type { PatternReason } from './untranslatable.ts';
