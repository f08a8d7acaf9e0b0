import { InferenceError } from '../errors.ts';
import { openSession, type Session, type SessionOptions } from '../session.ts';
import type { TensorData } from '../tensor-data.ts';
import { readClassifierConfig } from './classifier-config.ts';
import { type ClassifierFiles, readClassifier } from './classifier-files.ts';
import { type ClassifierPorts, classifierPorts } from './classifier-ports.ts';
import { judge } from './judge.ts';
import { labelScheme, type TokenLabel } from './label-scheme.ts';
import { classifierLimits as limits } from './limits.ts';
import { readTokenizer } from './read-tokenizer.ts';
import { type Aggregation, type Judged, type LabelledSpan, spansOf } from './spans.ts';
import type { Token, Tokenizer } from './tokenizer.ts';
import { type Window, windowsOf } from './windows.ts';

export interface TokenClassifierOptions extends Pick<SessionOptions, 'threads' | 'folder'> {
  /** Windows that go into the model at once, 1 to 256; 16 unless given. */
  readonly batch?: number;
  /** How tokens are put together; `simple` unless given. */
  readonly aggregation?: Aggregation;
  /** Spans of a lower score are left out, 0 to 1; 0 unless given. */
  readonly threshold?: number;
  /** What one call of `find` may take; 600 unless given. It ends with the batch that is running. */
  readonly seconds?: number;
}

/**
 * Opens a token classifier (named entities, personal data …) from a folder as optimum exports it.
 * @throws InferenceError HF_INFERENCE_CLASSIFIER, HF_INFERENCE_TOKENIZER, HF_INFERENCE_OPTIONS, and as `openSession`
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { openTokenClassifier } from '@holdfast/inference';
 * const classifier = await openTokenClassifier({
 *   names: ['model.onnx', 'tokenizer.json', 'config.json'],
 *   read: async (name) => readFile(`bert-ner/${name}`),
 * });
 * const [spans] = await classifier.find(['Ask Maria Huber.']);
 * await classifier.release();
 * ```
 */
export async function openTokenClassifier(
  files: ClassifierFiles,
  options: TokenClassifierOptions = {},
): Promise<TokenClassifier> {
  checkOptions(options);
  const bytes = await readClassifier(files);
  const { labels, positions, pad } = readClassifierConfig(bytes.config, bytes.tokenizerConfig);
  const tokenizer = readTokenizer(bytes.tokenizer);
  const room = positions - tokenizer.before.length - tokenizer.behind.length;
  if (room < 4) throw new InferenceError('HF_INFERENCE_TOKENIZER', 'special tokens leave no room for a text');
  const session = await openSession(bytes.model, options);
  try {
    const ports = classifierPorts(session, labels.length);
    return new TokenClassifier({ session, ports, tokenizer, labels: labelScheme(labels), room, pad, options });
  } catch (cause) {
    await session.release();
    throw cause;
  }
}

function checkOptions({ batch = 1, threshold = 0, seconds = 1 }: TokenClassifierOptions): void {
  const refuse = (message: string): never => {
    throw new InferenceError('HF_INFERENCE_OPTIONS', message);
  };
  if (!Number.isSafeInteger(batch) || batch < 1 || batch > limits.batch) {
    refuse(`\`${batch}\` is no number of windows from 1 to ${limits.batch}`);
  }
  if (!(threshold >= 0 && threshold <= 1)) refuse(`the threshold \`${threshold}\` is not from 0 to 1`);
  if (!(seconds > 0)) refuse(`\`${seconds}\` seconds are no time`);
}

interface Parts {
  readonly session: Session;
  readonly ports: ClassifierPorts;
  readonly tokenizer: Tokenizer;
  readonly labels: readonly TokenLabel[];
  /** Tokens of a text in a window. */
  readonly room: number;
  readonly pad: number;
  readonly options: TokenClassifierOptions;
}

/** Texts in, spans with labels out. */
export class TokenClassifier {
  /** What it tells apart, without `B-`, `I-` and the like. */
  readonly kinds: readonly string[];
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.kinds = [...new Set(parts.labels.flatMap(({ kind }) => kind ?? []))];
  }

  /** The tokens of a text, without the special ones around it. */
  tokens(text: string): Token[] {
    return this.#parts.tokenizer.tokens(text);
  }

  /**
   * The spans of each text, in order. All of a text is looked at: one that is longer than the model takes goes through it in windows.
   * @throws InferenceError HF_INFERENCE_TEXTS, HF_INFERENCE_DEADLINE, HF_INFERENCE_CLASSIFIER, HF_INFERENCE_RUN
   */
  async find(texts: readonly string[]): Promise<LabelledSpan[][]> {
    checkTexts(texts);
    const { tokenizer, labels, room, options } = this.#parts;
    const deadline = performance.now() + (options.seconds ?? 600) * 1000;
    const tokens = texts.map((text) => {
      requireTime(deadline);
      return tokenizer.tokens(text);
    });
    const judged = tokens.map(() => [] as Judged[]);
    for (const batch of this.#batches(tokens.flatMap((each, text) => windowsOf(text, each.length, room)))) {
      requireTime(deadline);
      await this.#judge(batch, tokens, judged);
    }
    return tokens.map((each, text) =>
      spansOf(each, judged[text] ?? [], labels, options.aggregation ?? 'simple').filter(
        ({ score }) => score >= (options.threshold ?? 0),
      ),
    );
  }

  async release(): Promise<void> {
    return this.#parts.session.release();
  }

  /** Windows of about the same length together. Without a mask nothing may be filled up: one at a time. */
  #batches(windows: readonly Window[]): Window[][] {
    const { ports, options } = this.#parts;
    const size = ports.inputs.includes('attention_mask') ? (options.batch ?? 16) : 1;
    const sorted = windows.toSorted((a, b) => a.to - a.from - (b.to - b.from));
    const batches: Window[][] = [];
    for (let at = 0; at < sorted.length; at += size) batches.push(sorted.slice(at, at + size));
    return batches;
  }

  async #judge(windows: readonly Window[], tokens: readonly Token[][], judged: Judged[][]): Promise<void> {
    const { session, ports, tokenizer, labels } = this.#parts;
    const { before, behind } = tokenizer;
    const length = Math.max(...windows.map(({ from, to }) => to - from)) + before.length + behind.length;
    const found = (await session.run(this.#feeds(windows, tokens, length), [ports.output]))[ports.output];
    const data = found?.data;
    if (!(data instanceof Float32Array) || found?.dims.join() !== [windows.length, length, labels.length].join()) {
      const given = found?.dims.join(', ') ?? '';
      throw new InferenceError(
        'HF_INFERENCE_CLASSIFIER',
        `\`logits\` are [${given}], not [${windows.length}, ${length}, ${labels.length}]`,
      );
    }
    for (const [row, { text, from, counts, countsTo }] of windows.entries()) {
      for (let token = counts; token < countsTo; token += 1) {
        const at = (row * length + before.length + token - from) * labels.length;
        (judged[text] ?? [])[token] = judge(data, at, labels.length);
      }
    }
  }

  #feeds(windows: readonly Window[], tokens: readonly Token[][], length: number): Record<string, TensorData> {
    const { ports, tokenizer, pad } = this.#parts;
    const ids = new BigInt64Array(windows.length * length).fill(BigInt(pad));
    const mask = new BigInt64Array(windows.length * length);
    for (const [row, { text, from, to }] of windows.entries()) {
      const within = (tokens[text] ?? []).slice(from, to).map(({ id }) => id);
      const all = [...tokenizer.before, ...within, ...tokenizer.behind];
      ids.set(all.map(BigInt), row * length);
      mask.fill(1n, row * length, row * length + all.length);
    }
    const dims = [windows.length, length];
    const types = new BigInt64Array(windows.length * length);
    const values = { input_ids: ids, attention_mask: mask, token_type_ids: types };
    return Object.fromEntries(ports.inputs.map((name) => [name, { type: 'INT64', dims, data: values[name] }]));
  }
}

function checkTexts(texts: readonly string[]): void {
  const refuse = (message: string): never => {
    throw new InferenceError('HF_INFERENCE_TEXTS', message);
  };
  if (texts.length > limits.texts) refuse(`${texts.length} texts at once, ${limits.texts} are the most`);
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  if (longest > limits.textLength) refuse(`a text of ${longest} characters, ${limits.textLength} are the most`);
  const all = texts.reduce((sum, { length }) => sum + length, 0);
  if (all > limits.allTexts) refuse(`texts of ${all} characters together, ${limits.allTexts} are the most`);
}

function requireTime(deadline: number): void {
  if (performance.now() <= deadline) return;
  throw new InferenceError('HF_INFERENCE_DEADLINE', 'the time for these texts is over, and not all were looked at');
}
