import { classifierLimits as limits } from './limits.ts';
import { JsonValue } from './read-json.ts';

/** What a `config.json` says that is needed to run a token classifier. */
export interface ClassifierConfig {
  /** By id. */
  readonly labels: readonly string[];
  /** Tokens that the model takes at once, special ones among them. */
  readonly positions: number;
  /** The token that fills up what is shorter than the longest. */
  readonly pad: number;
}

/**
 * Reads `config.json`, and `tokenizer_config.json` where it is there.
 * @throws InferenceError HF_INFERENCE_CLASSIFIER
 */
export function readClassifierConfig(bytes: Uint8Array, tokenizerBytes?: Uint8Array): ClassifierConfig {
  const config = JsonValue.parse('HF_INFERENCE_CLASSIFIER', 'config.json', bytes);
  const tokenizer = JsonValue.parse(
    'HF_INFERENCE_CLASSIFIER',
    'tokenizer_config.json',
    tokenizerBytes ?? new TextEncoder().encode('{}'),
  );
  const pad = config.get('pad_token_id').isThere ? config.get('pad_token_id').count(limits.pieces) : 0;
  return { labels: labelsOf(config.get('id2label')), positions: positionsOf(config, tokenizer, pad), pad };
}

function labelsOf(given: JsonValue): string[] {
  const labels = new Map<number, string>();
  for (const [id, name] of given.entries(limits.labels)) {
    if (!/^(?:0|[1-9]\d{0,3})$/.test(id)) name.refuse('is no label id');
    labels.set(Number(id), name.text(limits.labelLength));
  }
  const names = Array.from(
    { length: labels.size },
    (_, id) => labels.get(id) ?? given.refuse(`has no label \`${id}\``),
  );
  if (!names.includes('O')) given.refuse('has no label `O`, so everything would be something');
  if (names.length < 2) given.refuse('has no label but `O`');
  return names;
}

/** RoBERTa counts positions from behind the padding token on, and has as many of them fewer. */
function positionsOf(config: JsonValue, tokenizer: JsonValue, pad: number): number {
  const type = config.get('model_type').isThere ? config.get('model_type').text(100) : '';
  const isOffset = /roberta|camembert|longformer|mpnet|data2vec-text|xmod|luke|layoutlm/.test(type);
  const found: number[] = [];
  for (const [given, fewer] of [
    [config.get('max_position_embeddings'), isOffset ? pad + 1 : 0],
    [tokenizer.get('model_max_length'), 0],
  ] as const) {
    // Where nobody said how long a text may be, transformers writes 10 to the power of 30.
    if (given.isThere && given.number() < 2 ** 31) found.push(given.count(2 ** 31) - fewer);
  }
  if (found.length === 0) config.refuse('does not say `max_position_embeddings`');
  const positions = Math.min(...found, limits.window);
  return positions >= 8 ? positions : config.refuse(`leaves ${positions} positions, too few to look at a text`);
}
