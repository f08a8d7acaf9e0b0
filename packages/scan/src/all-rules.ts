import { folderRules } from './folder/rules.ts';
import { formats } from './formats/index.ts';
import { archiveKinds } from './formats/zip/archive-kinds.ts';
import { general } from './rules.ts';
import type { ScanRule } from './verdict.ts';

const rules: readonly ScanRule[] = [
  ...Object.values(general),
  ...Object.values(folderRules),
  ...[...formats, ...archiveKinds].flatMap((format) => format.rules),
];

/** Every rule that a scan can raise, once each, by id; no scanner is loaded for it. */
export const allRules: readonly ScanRule[] = [...new Map(rules.map((rule) => [rule.id, rule])).values()].toSorted(
  (a, b) => (a.id < b.id ? -1 : 1),
);
