import type { CheckRequest, HoldfastConfig } from '@holdfast/contracts';

/**
 * The checks of an artifact with the options that they run with, and that stand in their reports: `scan.allow` of the
 * project goes to every `scan`, before what a list of checks adds.
 */
export function declaredChecks({ checks, scan }: HoldfastConfig, artifact: string): readonly CheckRequest[] {
  return (checks[artifact] ?? []).map(({ name, options }) =>
    name === 'scan' ? { name, options: withAllowed(options, scan.allow) } : { name, options },
  );
}

function withAllowed(
  options: CheckRequest['options'],
  allowed: HoldfastConfig['scan']['allow'],
): CheckRequest['options'] {
  const own = options['allow'] ?? [];
  // what is no list is for the check to refuse
  if (allowed.length === 0 || !Array.isArray(own)) return options;
  return { ...options, allow: [...allowed, ...(own as readonly unknown[])] };
}
