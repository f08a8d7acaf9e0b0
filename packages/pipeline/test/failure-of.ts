/** What an error of any package says of itself. */
export function failureOf(error: unknown): { code: string; fix: string; exit: number } {
  const { code = '', fix = '', exit = -1 } = (error ?? {}) as { code?: string; fix?: string; exit?: number };
  return { code, fix, exit };
}
