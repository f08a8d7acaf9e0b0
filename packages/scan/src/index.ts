export { type AllowList, allowNothing } from './allow-list.ts';
export type { About, Left, ScanFinding, Step } from './finding.ts';
export type { Format } from './format.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type { FileResult } from './result.ts';
export { scanBytes } from './scan-bytes.ts';
export { scanFile } from './scan-file.ts';
export type { ScanOptions } from './scan-options.ts';
export type { ScanRule } from './verdict.ts';
