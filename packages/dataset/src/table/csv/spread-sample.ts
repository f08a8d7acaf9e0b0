/** Rows that are kept at least, where there are as many. */
const enough = 1000;
/** Bytes; a longer record is left out. */
const longest = 8192;

/** Some records of a file, evenly spread over all of it, however many it has: of every 2ᵏ-th one the bytes. */
export class SpreadSample {
  #records: Uint8Array[] = [];
  #step = 1;

  /** @param row from 1 */
  see(row: number, bytes: Uint8Array, from: number, length: number): void {
    if ((row - 1) % this.#step !== 0 || length > longest) return;
    // a copy: a view would keep all of the piece of the file
    this.#records.push(new Uint8Array(bytes.subarray(from, from + length)));
    if (this.#records.length < 2 * enough) return;
    this.#records = this.#records.filter((_, index) => index % 2 === 0);
    this.#step *= 2;
  }

  get records(): readonly Uint8Array[] {
    return this.#records;
  }
}
