import type { ScanRule } from '../verdict.ts';

/** Findings about files as they lie together. */
export const folderRules = {
  code: {
    id: 'scan.folder.code',
    title: 'Python beside a model, which its configuration has trust_remote_code run',
    severity: 'critical',
    verdict: 'fail',
    fix: 'load it without trust_remote_code; read the Python, and allow both files by their digests',
    references: ['CWE-829', 'CWE-94', 'AML.T0010', 'LLM03:2025'],
  },
  missing: {
    id: 'scan.folder.missing',
    title: 'a file that another one names is not there',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'download the folder again, whole',
    references: ['CWE-353'],
  },
  link: {
    id: 'scan.folder.link',
    title: 'a symbolic link leads out of the folder',
    severity: 'high',
    verdict: 'fail',
    fix: 'remove it, or put the file itself there',
    references: ['CWE-59', 'CWE-61'],
  },
  collision: {
    id: 'scan.folder.collision',
    title: 'names that some systems take for one',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'rename one of the files: which one is loaded depends on the system',
    references: ['CWE-178', 'CWE-436'],
  },
} as const satisfies Record<string, ScanRule>;
