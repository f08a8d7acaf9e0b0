/** Where an attack takes its chances from: `randomOf` of @holdfast/statistics gives one for a seed. */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  /** Mean 0, variance 1. */
  normal(): number;
  /** From 0 to `below`, without it. */
  integer(below: number): number;
}
