/** Whether a version such as `4.3.1` comes before a minimum such as `[4, 3]`. */
export function isOlder(version: string, minimum: readonly number[]): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [at, wanted] of minimum.entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return !(part > wanted);
  }
  return false;
}
