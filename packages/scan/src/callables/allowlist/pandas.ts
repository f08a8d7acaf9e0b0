import type { Entry } from '../entry.ts';

export const pandas: readonly Entry[] = [];
