import { Unanswerable } from '../expectation-type.ts';
import { PatternProcess, PatternUnfinished, pythonPattern } from '../patterns/index.ts';

/** Patterns that a schema may have. */
const most = 50;

/** One pattern, and what is known of the texts that were held against it. */
interface Asked {
  readonly javascript: string;
  process?: PatternProcess;
  readonly known: Map<string, boolean>;
  readonly wanted: Set<string>;
}

/**
 * The patterns of a schema, each in a process of its own, because it may take for ever. Who validates cannot wait: a text whose
 * answer is not there yet counts as found and is noted; once the answers are there, the value is validated again.
 */
export class SchemaPatterns {
  /** How often a text was held against a pattern without its answer. */
  asked = 0;
  readonly #patterns = new Map<string, Asked>();

  /** @throws Unanswerable for what cannot be run as Python runs it */
  add(source: string): { test(text: string): boolean; toString(): string } {
    const asked = this.#patterns.get(source) ?? this.#made(source);
    return {
      // Ajv tells patterns apart by it
      toString: () => source,
      test: (text) => {
        const known = asked.known.get(text);
        if (known !== undefined) return known;
        this.asked += 1;
        asked.wanted.add(text);
        return true;
      },
    };
  }

  #made(source: string): Asked {
    if (this.#patterns.size === most) throw new Unanswerable(`the schema has more than ${most} patterns`);
    const pattern = pythonPattern(source);
    if (pattern.engine === 'none') throw new Unanswerable(`a pattern of the schema cannot be run: ${pattern.message}`);
    const asked = { javascript: pattern.javascript, known: new Map<string, boolean>(), wanted: new Set<string>() };
    this.#patterns.set(source, asked);
    return asked;
  }

  /** Finds the answers. @throws Unanswerable where a pattern takes too long */
  async learn(): Promise<void> {
    for (const asked of this.#patterns.values()) {
      if (asked.wanted.size === 0) continue;
      asked.process ??= new PatternProcess(asked.javascript);
      const texts = [...asked.wanted];
      const found = await answers(asked.process, texts);
      for (const [index, text] of texts.entries()) asked.known.set(text, found[index] === true);
      asked.wanted.clear();
    }
  }

  /** Of texts that do not come again nothing has to be known. */
  forget(): void {
    for (const { known } of this.#patterns.values()) known.clear();
  }

  close(): void {
    for (const asked of this.#patterns.values()) {
      asked.process?.close();
      delete asked.process;
    }
  }
}

async function answers(process: PatternProcess, texts: readonly string[]): Promise<boolean[]> {
  try {
    return await process.matches(texts);
  } catch (error) {
    if (error instanceof PatternUnfinished) throw new Unanswerable(error.message);
    throw error;
  }
}
