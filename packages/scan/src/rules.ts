import type { ScanRule } from './verdict.ts';

/** Findings about what a file is, whatever its format. */
export const general = {
  polyglot: {
    id: 'scan.polyglot',
    title: 'the file is of several formats at once',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it: a file that was made by a framework is of one format',
    references: ['CWE-434', 'CWE-436'],
  },
  disguised: {
    id: 'scan.disguised',
    title: 'the name promises another format, and the content can carry code',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it; ask where it comes from',
    references: ['CWE-434', 'CWE-646'],
  },
  misnamed: {
    id: 'scan.misnamed',
    title: 'the name promises another format',
    severity: 'low',
    verdict: 'warn',
    fix: 'give it the extension of its format',
    references: ['CWE-646'],
  },
  /** For formats of reports in which everything needs a rule: what a result has in `left`. */
  left: {
    id: 'scan.left',
    title: 'something was not looked at, or could not be understood',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'do not take it for clean; ask for a format that cannot carry code, such as safetensors',
    references: [],
  },
} as const satisfies Record<string, ScanRule>;
