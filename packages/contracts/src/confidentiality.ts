import { z } from 'zod';
import { expected } from './wording.ts';

/** How confidential something can be, from open to closed. */
export const classifications = ['public', 'internal', 'confidential', 'restricted'] as const;
export type Classification = (typeof classifications)[number];

export const classification = z.enum(classifications, {
  error: expected(`one of ${classifications.map((value) => `\`${value}\``).join(', ')}`),
});

/** Whether one is more open than the other. */
export function isMoreOpen(one: Classification, other: Classification): boolean {
  return classifications.indexOf(one) < classifications.indexOf(other);
}

interface Declared {
  readonly artifacts: Readonly<
    Record<string, { readonly classification?: Classification; readonly source?: string } | undefined>
  >;
  readonly sources: Readonly<Record<string, { readonly classification?: Classification } | undefined>>;
}

/**
 * How confidential an artifact is: as it says itself, else as its source says; `undefined` where neither does.
 * @example
 * ```ts
 * import { classificationOf, holdfastYaml } from '@holdfast/contracts';
 * const config = holdfastYaml.parse({
 *   ...{ project: 'a', ledger: 'a.example' },
 *   sources: { bureau: { uri: 'https://data.example/a.csv', classification: 'confidential' } },
 *   artifacts: { applicants: { path: 'a.csv', kind: 'dataset', source: 'bureau' } },
 * });
 * console.assert(classificationOf(config, 'applicants') === 'confidential');
 * ```
 */
export function classificationOf({ artifacts, sources }: Declared, artifact: string): Classification | undefined {
  if (!Object.hasOwn(artifacts, artifact)) return undefined;
  const { classification: own, source = '' } = artifacts[artifact] ?? {};
  return own ?? (Object.hasOwn(sources, source) ? sources[source]?.classification : undefined);
}
