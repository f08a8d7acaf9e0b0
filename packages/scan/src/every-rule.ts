import { formats } from './formats/index.ts';
import { general } from './rules.ts';
import type { ScanRule } from './verdict.ts';

/** Every finding that a scan can make, each once: about what a file is, and of every format. */
export const everyRule: readonly ScanRule[] = [
  ...new Map(
    [...Object.values(general), ...formats.flatMap(({ rules }) => rules)].map((rule): [string, ScanRule] => [
      rule.id,
      rule,
    ]),
  ).values(),
];
