import { type Dimension, graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';

const text = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Four words of WordPiece, `O` and `PER`, and eight positions: what a test changes in it. */
export const small = {
  tokenizer: {
    added_tokens: [{ id: 0, content: '[PAD]', normalized: false, special: true }],
    normalizer: { type: 'BertNormalizer', lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, ann: 4, ben: 5, and: 6, '##a': 7 },
    },
  },
  config: { model_type: 'bert', id2label: { 0: 'O', 1: 'B-PER' }, max_position_embeddings: 8, pad_token_id: 0 },
};

export interface ModelShape {
  readonly inputs?: readonly string[];
  readonly dims?: readonly Dimension[];
  readonly output?: string;
  /** The logits of each of eight ids. */
  readonly logits?: readonly (readonly number[])[];
}

/** Logits are looked up by the id of a token: `ann` and `ben` are persons, whatever stands around them. */
export function lookupModel(shape: ModelShape = {}): Uint8Array {
  const { inputs = ['input_ids', 'attention_mask'], dims = ['batch', 'sequence'], output = 'logits' } = shape;
  const logits = shape.logits ?? [0, 1, 2, 3, 4, 5, 6, 7].map((id) => (id === 4 || id === 5 ? [0, 4] : [4, 0]));
  const labels = logits[0]?.length ?? 0;
  const table = tensor('table', [logits.length, labels], Float32Array.from(logits.flat()));
  const graph = graphOf({
    name: 'lookup',
    inputs: inputs.map((name) => tensorValue(name, 'INT64', dims)),
    outputs: [tensorValue(output, 'FLOAT', ['batch', 'sequence', labels])],
    nodes: [node('Gather', ['table', 'input_ids'], [output])],
    initializers: [table],
  });
  return writeModel(modelOf({ graph, opsets: { '': 17 } }));
}

/** A folder of files as a classifier reads it. */
export function folderOf(files: Readonly<Record<string, unknown>>) {
  return {
    names: Object.keys(files),
    read: async (name: string, limit: number): Promise<Uint8Array> => {
      const bytes = files[name] instanceof Uint8Array ? files[name] : text(files[name]);
      if (bytes.length > limit) throw new Error('too large');
      return Promise.resolve(bytes);
    },
  };
}

export function smallFolder(more: Readonly<Record<string, unknown>> = {}) {
  const files = { 'model.onnx': lookupModel(), 'tokenizer.json': small.tokenizer, 'config.json': small.config };
  return folderOf({ ...files, ...more });
}
