import type { Ball, Bounds } from './ball.ts';

/** A point, and the plane ⟨w, z⟩ = ⟨w, point⟩ − excess that it has to come to. */
export interface Plane {
  readonly point: Float32Array | Float64Array;
  readonly w: Float32Array | Float64Array;
  readonly excess: number;
}

/**
 * The shortest move, in a norm, from a point to a plane without leaving the bounds (Croce & Hein, arXiv:1907.02044, section
 * 2.2, problem 5). Where the plane is out of reach the move goes as near to it as the bounds allow.
 *
 * Number i can go up to mᵢ against the sign of its slope, and each step pays |wᵢ|. Least effort is the same step λ for all
 * (L∞), steps of λ|wᵢ| (L2), or the steepest numbers first (L1), each as far as mᵢ.
 */
export class PlaneMove {
  readonly #bounds: Bounds;
  readonly #norm: Ball['norm'];
  readonly #room: Float64Array;
  readonly #pay: Float64Array;
  readonly #move: Float64Array;

  /** @param size numbers of a point */
  constructor(size: number, norm: Ball['norm'], bounds: Bounds) {
    this.#bounds = bounds;
    this.#norm = norm;
    this.#room = new Float64Array(size);
    this.#pay = new Float64Array(size);
    this.#move = new Float64Array(size);
  }

  /** @returns the move, until the next call */
  of({ point, w, excess }: Plane): Float64Array {
    const [room, pay, move] = [this.#room, this.#pay, this.#move];
    const down = excess >= 0 ? 1 : -1;
    const within = this.#measure(point, w, down);
    const owed = Math.abs(excess);
    if (within <= owed) move.set(room);
    else if (this.#norm === 'l1') steepestFirst(move, room, pay, owed);
    else if (this.#norm === 'l2') inProportion(move, room, pay, owed);
    else alike(move, room, pay, owed);
    for (let index = 0; index < move.length; index += 1) {
      const slope = (w[index] as number) * down;
      if (slope > 0) move[index] = -(move[index] as number);
    }
    return move;
  }

  /** Notes how far each number can go, and what its steps pay. @returns what they can pay together */
  #measure(point: Plane['point'], w: Plane['w'], down: number): number {
    const { low, high } = this.#bounds;
    let within = 0;
    for (let index = 0; index < point.length; index += 1) {
      const slope = (w[index] as number) * down;
      const value = point[index] as number;
      const most = slope > 0 ? value - low : slope < 0 ? high - value : 0;
      this.#room[index] = most > 0 ? most : 0;
      this.#pay[index] = Math.abs(slope);
      within += (this.#room[index] as number) * (this.#pay[index] as number);
    }
    return within;
  }
}

/*
 * λ with Σ |wᵢ| min(λ sᵢ, mᵢ) = owed. The sum is concave in λ and made of straight pieces, so that Newton's steps from 0
 * never pass the root, and end on its piece.
 */

/** sᵢ = 1 */
function alike(move: Float64Array, room: Float64Array, pay: Float64Array, owed: number): void {
  let lambda = 0;
  for (let round = 0; round <= room.length; round += 1) {
    let [fixed, slope] = [0, 0];
    for (let index = 0; index < room.length; index += 1) {
      const most = room[index] as number;
      const price = pay[index] as number;
      if (most <= lambda) fixed += price * most;
      else slope += price;
    }
    const next = slope > 0 ? (owed - fixed) / slope : lambda;
    if (!(next > lambda)) break;
    lambda = next;
  }
  for (let index = 0; index < room.length; index += 1) move[index] = Math.min(lambda, room[index] as number);
}

/** sᵢ = |wᵢ| */
function inProportion(move: Float64Array, room: Float64Array, pay: Float64Array, owed: number): void {
  let lambda = 0;
  for (let round = 0; round <= room.length; round += 1) {
    let [fixed, slope] = [0, 0];
    for (let index = 0; index < room.length; index += 1) {
      const most = room[index] as number;
      const price = pay[index] as number;
      if (most <= lambda * price) fixed += price * most;
      else slope += price * price;
    }
    const next = slope > 0 ? (owed - fixed) / slope : lambda;
    if (!(next > lambda)) break;
    lambda = next;
  }
  for (let index = 0; index < room.length; index += 1) {
    move[index] = Math.min(lambda * (pay[index] as number), room[index] as number);
  }
}

/** The steepest numbers as far as they go; the last of them pays what is left. */
function steepestFirst(move: Float64Array, room: Float64Array, pay: Float64Array, owed: number): void {
  const least = leastPrice(room, pay, owed);
  let left = owed;
  for (let index = 0; index < move.length; index += 1) {
    const price = pay[index] as number;
    move[index] = price > least ? (room[index] as number) : 0;
    left -= price * (move[index] as number);
  }
  for (let index = 0; index < move.length && left > 0; index += 1) {
    if (pay[index] !== least || least === 0) continue;
    move[index] = Math.min(room[index] as number, left / least);
    left -= least * (move[index] as number);
  }
}

/** The greatest price p at which all numbers that pay p or more can pay what is owed. */
function leastPrice(room: Float64Array, pay: Float64Array, owed: number): number {
  const prices = pay.slice().sort();
  let [low, high] = [0, prices.length];
  // prices[low] is enough (all numbers together are), prices[high] is not
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const price = prices[middle] as number;
    let paid = 0;
    for (let index = 0; index < pay.length; index += 1) {
      if ((pay[index] as number) >= price) paid += (pay[index] as number) * (room[index] as number);
    }
    if (paid >= owed) low = middle;
    else high = middle;
  }
  return prices[low] as number;
}
