/** All ways of generalising every column as a whole: a node is a level for each; coarser ones lie above. */
export class Lattice {
  /** Nodes. */
  readonly size: number;
  readonly heights: readonly number[];
  readonly #steps: readonly number[];

  /** @param heights how many levels each column has, at least 1 */
  constructor(heights: readonly number[]) {
    const steps: number[] = [];
    let size = 1;
    for (const height of heights) {
      steps.push(size);
      size *= height;
    }
    this.heights = heights;
    this.size = size;
    this.#steps = steps;
  }

  nodeOf(levels: readonly number[]): number {
    return levels.reduce((node, level, at) => node + level * (this.#steps[at] ?? 0), 0);
  }

  levelsOf(node: number): number[] {
    return this.heights.map((height, at) => Math.floor(node / (this.#steps[at] ?? 1)) % height);
  }

  /** The nodes that are one level coarser in one column. */
  above(node: number): number[] {
    const levels = this.levelsOf(node);
    return this.#steps.flatMap((step, at) => ((levels[at] ?? 0) + 1 < (this.heights[at] ?? 1) ? [node + step] : []));
  }

  /** The nodes that are one level finer in one column. */
  below(node: number): number[] {
    const levels = this.levelsOf(node);
    return this.#steps.flatMap((step, at) => ((levels[at] ?? 0) > 0 ? [node - step] : []));
  }
}
