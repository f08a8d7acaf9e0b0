import type { Classification, HoldfastConfig } from '@holdfast/contracts';
import { classifyName } from './input-class.ts';

/** What is declared of an artifact that is classified. */
export interface Declared {
  readonly classification: Classification | undefined;
  readonly licence: string | undefined;
}

/**
 * The options that a check runs with: `data.classify` is told what is declared of its artifact, and the licence of its source
 * unless it is given one, so that a report stands only as long as that is still so.
 */
export function withDeclared(
  check: string,
  options: Readonly<Record<string, unknown>>,
  { classification, licence }: Declared,
): Record<string, unknown> {
  if (check !== classifyName) return { ...options };
  const own = Object.fromEntries(Object.entries(options).filter(([option]) => option !== 'declared'));
  return {
    ...(licence === undefined ? {} : { licence }),
    ...own,
    ...(classification === undefined ? {} : { declared: classification }),
  };
}

/** The licence of the source of an artifact. */
export function licenceOf({ artifacts, sources }: HoldfastConfig, artifact: string): string | undefined {
  const source = Object.hasOwn(artifacts, artifact) ? artifacts[artifact]?.source : undefined;
  return source === undefined || !Object.hasOwn(sources, source) ? undefined : sources[source]?.license;
}
