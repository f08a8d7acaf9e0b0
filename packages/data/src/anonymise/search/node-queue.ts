/** Nodes by their bounds: the least comes first (a binary heap). */
export class NodeQueue {
  readonly #nodes: number[] = [];
  readonly #bounds: number[] = [];

  get size(): number {
    return this.#nodes.length;
  }

  push(node: number, bound: number): void {
    let at = this.#nodes.length;
    this.#nodes.push(node);
    this.#bounds.push(bound);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): { readonly node: number; readonly bound: number } | undefined {
    const [node, bound] = [this.#nodes[0], this.#bounds[0]];
    if (node === undefined || bound === undefined) return undefined;
    this.#swap(0, this.#nodes.length - 1);
    this.#nodes.pop();
    this.#bounds.pop();
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#nodes.length && this.#before(child, least)) least = child;
      }
      if (least === at) return { node, bound };
      this.#swap(at, least);
      at = least;
    }
  }

  /** Of equal bounds, the node with the smaller number, so that the order does not hang on chance. */
  #before(one: number, other: number): boolean {
    const [first, second] = [this.#bounds[one] ?? 0, this.#bounds[other] ?? 0];
    return first < second || (first === second && (this.#nodes[one] ?? 0) < (this.#nodes[other] ?? 0));
  }

  #swap(one: number, other: number): void {
    const [node, bound] = [this.#nodes[one] ?? 0, this.#bounds[one] ?? 0];
    this.#nodes[one] = this.#nodes[other] ?? 0;
    this.#bounds[one] = this.#bounds[other] ?? 0;
    this.#nodes[other] = node;
    this.#bounds[other] = bound;
  }
}
