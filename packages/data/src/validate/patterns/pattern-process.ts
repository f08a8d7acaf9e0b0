import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PatternAnswer, PatternOrder } from './messages.ts';

/** What a pattern may use, over all of its texts together. */
export interface PatternLimits {
  /** Milliseconds of waiting for answers. */
  readonly time: number;
  /** MiB of the heap of JavaScript, and of the texts on their way. */
  readonly memory: number;
}

export const patternLimits: PatternLimits = { time: 20_000, memory: 128 };

/** Why a pattern gave no answer. */
export type PatternFailure = 'time' | 'memory' | 'died' | 'closed';

/** Thrown where some texts were not looked at: what holds for them is not known. */
export class PatternUnfinished extends Error {
  override readonly name = 'PatternUnfinished';
  readonly why: PatternFailure;
  /** Answers for the first texts, as far as there are any. */
  readonly found: readonly boolean[];
  /** Texts without an answer. */
  readonly left: number;

  constructor(why: PatternFailure, found: readonly boolean[], left: number) {
    super(`a pattern left ${left} texts without an answer: ${why}`);
    this.why = why;
    this.found = found;
    this.left = left;
  }
}

/** Texts, and code units, that go to the process at a time: what is lost when one of them takes for ever. */
const piece = { texts: 2048, units: 1 << 20 };
/** Milliseconds in which a process starts; they are not the pattern's. */
const startTime = 30_000;
/** A longer text is not sent: it would have to be copied whole, twice. */
const longestText = 1 << 24;
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** The texts in pieces: a long one is alone. */
function* pieces(texts: readonly string[]): Generator<readonly string[]> {
  let from = 0;
  let units = 0;
  for (const [index, { length }] of texts.entries()) {
    if (index > from && (index - from === piece.texts || units + length > piece.units)) {
      yield texts.slice(from, index);
      [from, units] = [index, 0];
    }
    units += length;
  }
  if (from < texts.length) yield texts.slice(from);
}

/**
 * A pattern in a process of its own: `javascript` of a {@link PythonPattern}. Some patterns take longer than the age of the
 * universe for a text of a hundred letters, and nothing can stop them but the end of their process.
 *
 * @example
 * ```ts
 * using pattern = new PatternProcess('^(?=.*\\p{Nd})');
 * await pattern.matches(['a1', 'b']); // [true, false]
 * ```
 */
export class PatternProcess implements Disposable {
  readonly #child: ChildProcess;
  /** Settled when the process listens, or is gone. */
  readonly #started: Promise<unknown>;
  #left: number;
  #number = 0;
  #ended: PatternFailure | undefined;

  constructor(javascript: string, limits: PatternLimits = patternLimits) {
    this.#left = limits.time;
    this.#child = fork(fileURLToPath(new URL(`./pattern-main.${extension}`, import.meta.url)), [javascript], {
      serialization: 'advanced',
      env: {},
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        `--max-old-space-size=${limits.memory}`,
        '--max-semi-space-size=2',
      ],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.once('exit', (_code, signal) => {
      this.#ended ??= signal === 'SIGABRT' ? 'memory' : 'died';
    });
    this.#child.once('error', () => {
      this.#ended ??= 'died';
    });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#started = promise;
    this.#child.once('message', resolve).once('exit', resolve).once('error', resolve);
    // Whoever forgets to close it shall not wait for it.
    this.#child.unref();
    this.#child.channel?.unref();
  }

  /**
   * For each text whether the pattern is found in it. One call at a time.
   *
   * @throws {PatternUnfinished} when the time is up or the process is gone: it answers nothing any more
   */
  async matches(texts: readonly string[]): Promise<boolean[]> {
    const found: boolean[] = [];
    for (const some of pieces(texts)) {
      const answer = some[0] !== undefined && some[0].length > longestText ? 'memory' : await this.#ask(some);
      if (typeof answer === 'string') throw new PatternUnfinished(answer, found, texts.length - found.length);
      for (const one of answer) found.push(one === 1);
    }
    return found;
  }

  close(): void {
    this.#ended ??= 'closed';
    this.#child.kill('SIGKILL');
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #start(): Promise<void> {
    const late = setTimeout(() => {
      this.#ended ??= 'died';
      this.close();
    }, startTime);
    await this.#started;
    clearTimeout(late);
  }

  async #ask(texts: readonly string[]): Promise<Uint8Array | PatternFailure> {
    await this.#start();
    if (this.#ended !== undefined) return this.#ended;
    const began = performance.now();
    this.#number += 1;
    const order: PatternOrder = { number: this.#number, texts };
    const { promise, resolve } = Promise.withResolvers<Uint8Array | PatternFailure>();
    const hear = (answer: PatternAnswer): void => {
      if (answer.number === order.number) resolve('found' in answer ? answer.found : 'memory');
    };
    const died = (): void => {
      // What is told of a process by the system comes before what is told here.
      setImmediate(() => {
        resolve(this.#ended ?? 'died');
      });
    };
    const late = setTimeout(() => {
      resolve('time');
      this.#ended ??= 'time';
      this.close();
    }, this.#left);
    this.#child.on('message', hear).once('exit', died).once('error', died);
    this.#child.send(order, (problem) => {
      if (problem !== null) died();
    });
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#left = Math.max(0, this.#left - (performance.now() - began));
      this.#child.off('message', hear).off('exit', died).off('error', died);
    }
  }
}
