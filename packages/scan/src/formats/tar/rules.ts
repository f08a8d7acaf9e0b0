import type { ScanRule } from '../../verdict.ts';

const download = 'do not unpack it; ask where it comes from, or pack it anew';

export const tarRules = {
  path: {
    id: 'scan.tar.path',
    title: 'an entry of the tar has a name that leaves the folder, or that another has too',
    severity: 'high',
    verdict: 'fail',
    fix: download,
    references: ['CWE-22', 'CWE-694'],
  },
  link: {
    id: 'scan.tar.link',
    title: 'an entry of the tar is a link, a device or a pipe',
    severity: 'high',
    verdict: 'fail',
    fix: download,
    references: ['CWE-59', 'CWE-61'],
  },
  mismatch: {
    id: 'scan.tar.mismatch',
    title: 'the tar says different things about the same: programs will not agree on what is in it',
    severity: 'high',
    verdict: 'fail',
    fix: download,
    references: ['CWE-436'],
  },
  stray: {
    id: 'scan.tar.stray',
    title: 'the tar holds bytes that belong to none of its entries',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'pack it anew from its entries',
    references: ['CWE-506'],
  },
} as const satisfies Record<string, ScanRule>;
