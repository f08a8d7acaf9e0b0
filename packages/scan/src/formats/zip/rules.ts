import type { ScanRule } from '../../verdict.ts';

const download =
  'do not load it: a program that writes zips does not do this; download it again, or ask where it is from';

/** Where two programs that read a zip can disagree on what is in it, one of them may be a scanner. */
export const zipRules = {
  ambiguous: {
    id: 'scan.zip.ambiguous',
    title: 'the zip has several ends: programs will not agree on which one counts',
    severity: 'high',
    verdict: 'fail',
    fix: download,
    references: ['CWE-436', 'CWE-1284'],
  },
  mismatch: {
    id: 'scan.zip.mismatch',
    title: 'the zip says different things about the same in different places',
    severity: 'high',
    verdict: 'fail',
    fix: download,
    references: ['CWE-436', 'CWE-1284'],
  },
  path: {
    id: 'scan.zip.path',
    title: 'an entry of the zip has a name that leaves the folder, or that another has too',
    severity: 'high',
    verdict: 'fail',
    fix: download,
    references: ['CWE-22', 'CWE-694'],
  },
  link: {
    id: 'scan.zip.link',
    title: 'an entry of the zip is a link or a device',
    severity: 'high',
    verdict: 'fail',
    fix: download,
    references: ['CWE-59', 'CWE-61'],
  },
  overlap: {
    id: 'scan.zip.overlap',
    title: 'entries of the zip share bytes',
    severity: 'high',
    verdict: 'fail',
    fix: download,
    references: ['CWE-409', 'CWE-436'],
  },
  stray: {
    id: 'scan.zip.stray',
    title: 'the zip holds bytes that belong to none of its entries',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'pack it anew from its entries',
    references: ['CWE-506'],
  },
  checksum: {
    id: 'scan.zip.checksum',
    title: 'an entry of the zip has another checksum than it should: some programs refuse it, some do not notice',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'download it again',
    references: ['CWE-354'],
  },
} as const satisfies Record<string, ScanRule>;
