import type { ScanRule } from '../../verdict.ts';

export const templateRules = {
  escape: {
    id: 'scan.template.escape',
    title: 'a chat template reaches for the insides of Python, or for other files',
    severity: 'critical',
    verdict: 'fail',
    fix: 'do not render it: chat templates format messages, and need none of this',
    references: ['CWE-1336', 'CWE-94', 'AML.T0011', 'LLM03:2025'],
  },
  bomb: {
    id: 'scan.template.bomb',
    title: 'a chat template asks for more time or memory than any prompt needs',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not render it: it would keep the process busy or fill its memory',
    references: ['CWE-400', 'CWE-770', 'CWE-1336'],
  },
  unlisted: {
    id: 'scan.template.unlisted',
    title: 'a chat template uses what chat templates are not known to need',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'read the place; allow the file by its digest if it is harmless',
    references: ['CWE-1336'],
  },
} as const satisfies Record<string, ScanRule>;
