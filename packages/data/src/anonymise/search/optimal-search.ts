import type { Criterion } from '../criteria/criterion.ts';
import type { Utility } from '../utility/utility.ts';
import { type Classes, type Combinations, coarser } from './classes.ts';
import { type Judged, judged } from './judged.ts';
import { Lattice } from './lattice.ts';
import { NodeQueue } from './node-queue.ts';
import { Snapshots } from './snapshots.ts';

/** Where the search may end before it knows. */
export interface SearchLimits {
  /** Nodes whose classes are made. */
  readonly nodes: number;
  /** Asked before each: whether time is up. */
  readonly isOver: () => boolean;
  /** Numbers that classes may take in memory, beside the finest. */
  readonly held: number;
}

/** A way of generalising that fulfils the criteria. */
export interface Solution {
  readonly levels: readonly number[];
  readonly score: number;
  readonly classes: Classes;
  /** The class of each combination. */
  readonly into: Int32Array;
  readonly judged: Judged;
}

export interface SearchResult {
  /** The best that was found; undefined where nothing fulfils the criteria, or nothing was found. */
  readonly best?: Solution;
  /** Whether no other way loses less: proven, since whatever was not looked at fails or costs at least as much. */
  readonly isOptimal: boolean;
  /** Nodes of the lattice, and those whose classes were made. */
  readonly nodes: number;
  readonly visited: number;
  /** The cheapest bound that was left: nothing loses less than this. */
  readonly bound: number;
}

const [unknown, fails, hopeful] = [0, 1, 2] as const;

/**
 * Searches all full-domain generalisations for the one that loses least and suppresses no more than `most` rows.
 *
 * Nodes are taken by the least that they may cost (best first), which no coarser node undercuts; so when the next one costs as much
 * as the best that was found, that is the optimum. Which nodes fail is predicted: paths upwards are cut in half until the border is
 * found (Flash, Kohlmayer et al., 2012), and what lies below a node that fails by a criterion which joining classes keeps fails too
 * (El Emam et al., 2009). Criteria that joining may break are only weighed at the node itself.
 */
export class OptimalSearch {
  readonly #combinations: Combinations;
  readonly #criteria: readonly Criterion[];
  readonly #utility: Utility;
  readonly #most: number;
  readonly #limits: SearchLimits;
  readonly #lattice: Lattice;
  readonly #tags: Uint8Array;
  readonly #seen: Uint8Array;
  readonly #queue = new NodeQueue();
  readonly #snapshots: Snapshots;
  readonly #bounds = new Map<number, number>();
  #best: Omit<Solution, 'into'> | undefined;
  #visited = 0;

  /** @param most rows that may be suppressed */
  constructor(
    combinations: Combinations,
    criteria: readonly Criterion[],
    utility: Utility,
    most: number,
    limits: SearchLimits,
  ) {
    this.#combinations = combinations;
    this.#criteria = criteria;
    this.#utility = utility;
    this.#most = most;
    this.#limits = limits;
    this.#lattice = new Lattice(combinations.hierarchies.map(({ levels }) => levels.length));
    this.#tags = new Uint8Array(this.#lattice.size);
    this.#seen = new Uint8Array(this.#lattice.size);
    this.#snapshots = new Snapshots(combinations.finest, limits.held);
  }

  /** Searches; hands out how many nodes were looked at now and then, so that the caller may do something else. */
  *run(): Generator<number, SearchResult> {
    this.#push(0, 0);
    for (;;) {
      yield this.#visited;
      const next = this.#queue.pop();
      if (next === undefined) return this.#result(true, this.#best?.score ?? Number.POSITIVE_INFINITY);
      if (this.#best !== undefined && next.bound >= this.#best.score) return this.#result(true, this.#best.score);
      if (!this.#look(next.node)) return this.#result(false, next.bound);
      const bound = Math.max(next.bound, this.#bounds.get(next.node) ?? 0);
      this.#bounds.delete(next.node);
      for (const above of this.#lattice.above(next.node)) this.#push(above, bound);
    }
  }

  #result(isOptimal: boolean, bound: number): SearchResult {
    const { size } = this.#lattice;
    const best = this.#best === undefined ? {} : { best: this.#whole(this.#best) };
    return { ...best, isOptimal, nodes: size, visited: this.#visited, bound };
  }

  /** The classes anew from the finest, so that it is known which combination is in which. */
  #whole({ levels, score }: Pick<Solution, 'levels' | 'score'>): Solution {
    const { classes, into } = coarser(this.#combinations, this.#combinations.finest, levels);
    return { levels, score, classes, into, judged: judged(classes, this.#criteria) };
  }

  #push(node: number, bound: number): void {
    if (this.#seen[node] === 1) return;
    this.#seen[node] = 1;
    this.#queue.push(node, Math.max(bound, this.#utility.ofLevels(this.#lattice.levelsOf(node))));
  }

  /** Finds out whether a node fails, and weighs it where it does not. @returns false where a limit was reached */
  #look(node: number): boolean {
    if (this.#tags[node] === unknown && !this.#probe(node)) return false;
    if (this.#tags[node] === fails || this.#bounds.has(node)) return true;
    return this.#visit(node);
  }

  /** Looks at nodes on a path from this one upwards until it is known whether this one fails. */
  #probe(node: number): boolean {
    const path = this.#pathFrom(node);
    let [low, high] = [0, path.length - 1];
    while (low <= high && this.#tags[node] === unknown) {
      const middle = (low + high) >> 1;
      const at = path[middle] ?? node;
      if (this.#tags[at] === unknown && !this.#visit(at)) return false;
      if (this.#tags[at] === fails) low = middle + 1;
      else high = middle - 1;
    }
    return true;
  }

  /** Up through nodes of which nothing is known, each time where it costs least. */
  #pathFrom(node: number): number[] {
    const path = [node];
    for (let at = node; ; ) {
      const above = this.#lattice.above(at).filter((each) => this.#tags[each] === unknown);
      const costs = above.map((each) => this.#utility.ofLevels(this.#lattice.levelsOf(each)));
      const next = above[costs.indexOf(Math.min(...costs))];
      if (next === undefined) return path;
      path.push(next);
      at = next;
    }
  }

  /** Makes the classes of a node, marks it and what follows from it, and remembers it where it is the best. */
  #visit(node: number): boolean {
    if (this.#visited >= this.#limits.nodes || this.#limits.isOver()) return false;
    this.#visited += 1;
    const levels = this.#lattice.levelsOf(node);
    const from = this.#snapshots.under(levels);
    const { classes } = coarser(this.#combinations, from, levels);
    this.#snapshots.keep(classes, from);
    const found = judged(classes, this.#criteria);
    this.#bounds.set(node, this.#utility.least(classes));
    // Where nothing may be suppressed, joining classes that all fulfil a criterion keeps it, whichever it is.
    const isFailed = found.hopeless > this.#most || (this.#most === 0 && found.suppressed > 0);
    if (isFailed) this.#mark(node, fails, (each) => this.#lattice.below(each));
    else this.#mark(node, hopeful, (each) => this.#lattice.above(each));
    if (found.suppressed <= this.#most) this.#weigh({ levels, classes, judged: found });
    return true;
  }

  #weigh(found: Omit<Solution, 'score' | 'into'>): void {
    const score = this.#utility.score(found.classes, found.judged.kept, this.#combinations.codes);
    if (this.#best === undefined || score < this.#best.score) this.#best = { ...found, score };
  }

  #mark(node: number, tag: number, next: (node: number) => readonly number[]): void {
    this.#tags[node] = tag;
    const open = [node];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const each of next(at)) {
        if (this.#tags[each] !== unknown) continue;
        this.#tags[each] = tag;
        open.push(each);
      }
    }
  }
}
