/** Every way in which a model cannot be run: exit code of the command, what it means, what to do. */
export const inferenceErrors = {
  HF_INFERENCE_RUNTIME: {
    exit: 3,
    meaning: 'ONNX Runtime is not installed, or has no binary for this platform.',
    fix: 'install it: `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0` (Linux, Windows, macOS on arm64)',
  },
  HF_INFERENCE_MODEL: {
    exit: 3,
    meaning:
      'ONNX Runtime refuses the model: it is malformed, or uses an operator or a version that the runtime lacks.',
    fix: 'export the model with an operator set that ONNX Runtime 1.30 runs; `holdfast scan` says more about the file',
  },
  HF_INFERENCE_EXTERNAL: {
    exit: 1,
    meaning:
      "A tensor's external data lies outside the folder of the model, is reached through a link, or is not there.",
    fix: 'do not load the file: it could make a runtime read other files; export the model with plain files beside it',
  },
  HF_INFERENCE_TYPE: {
    exit: 3,
    meaning: 'An input or output has a type that ONNX Runtime does not hand over to Node.',
    fix: 'export the model with inputs and outputs that are tensors of numbers, booleans or texts',
  },
  HF_INFERENCE_PROVIDER: {
    exit: 3,
    meaning: 'The execution provider that was asked for does not work on this machine.',
    fix: 'use the provider `cpu`, or see what the message says is missing',
  },
  HF_INFERENCE_OPTIONS: {
    exit: 2,
    meaning: 'A session was asked for with options that it cannot have.',
    fix: 'give what the message names',
  },
  HF_INFERENCE_FEEDS: {
    exit: 2,
    meaning: 'What was fed does not fit the inputs of the model: a name, a type, a shape or a number of elements.',
    fix: 'feed what the message says was expected',
  },
  HF_INFERENCE_FETCHES: {
    exit: 2,
    meaning: 'An output was asked for that the model does not have.',
    fix: 'ask for one of the outputs that the message names',
  },
  HF_INFERENCE_MEMORY: {
    exit: 3,
    meaning: 'The machine has not enough memory for the model or for what was fed to it.',
    fix: 'feed fewer rows at a time, or use a machine with more memory',
  },
  HF_INFERENCE_RUN: {
    exit: 3,
    meaning: 'ONNX Runtime loaded the model but could not run it on what was fed.',
    fix: 'look at the node that the message names; the model may hold for some shapes or values only',
  },
  HF_INFERENCE_RELEASED: {
    exit: 2,
    meaning: 'A session was used after it was released.',
    fix: 'open a new session',
  },
  HF_INFERENCE_TOKENIZER: {
    exit: 3,
    meaning: 'The `tokenizer.json` of a model is malformed, too large, or does something that is not understood.',
    fix: 'take a model with a tokenizer of BERT (WordPiece), RoBERTa (byte-level BPE) or XLM-RoBERTa (Unigram), saved by transformers as `tokenizer.json`',
  },
  HF_INFERENCE_CLASSIFIER: {
    exit: 3,
    meaning: 'A folder is no token classifier: a file, a label, an input or an output that one has is missing or odd.',
    fix: 'export it with `optimum-cli export onnx --task token-classification --model MODEL FOLDER`',
  },
  HF_INFERENCE_TEXTS: {
    exit: 2,
    meaning: 'A token classifier was given too many texts at once, or one that is too long.',
    fix: 'give fewer or shorter texts at a time, as the message says',
  },
  HF_INFERENCE_DEADLINE: {
    exit: 3,
    meaning: 'A token classifier took longer than it may.',
    fix: 'give fewer texts at a time, a smaller model, or more seconds',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type InferenceErrorCode = keyof typeof inferenceErrors;

/** Why a model could not be loaded or run. `where` names the input, output or file that it is about. */
export class InferenceError extends Error {
  override readonly name = 'InferenceError';
  readonly code: InferenceErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where?: string;

  constructor(code: InferenceErrorCode, message: string, more: { where?: string; fix?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.fix = more.fix ?? inferenceErrors[code].fix;
    this.exit = inferenceErrors[code].exit;
    if (more.where !== undefined) this.where = more.where;
  }
}

/** A name from a file as a message shows it: in backticks, short, without what a terminal would obey. */
export function shown(text: string): string {
  const safe = Array.from(text.slice(0, 81), (character) =>
    /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? '\u{FFFD}' : character,
  );
  return `\`${safe.slice(0, 80).join('')}${safe.length > 80 ? '…' : ''}\``;
}
