/** Every way in which a model can be refused: exit code of the command, what it means, what to do. */
export const onnxErrors = {
  HF_ONNX_MALFORMED: {
    exit: 3,
    meaning: 'The file is not a well-formed ONNX protobuf message: cut short, or with fields that ONNX does not know.',
    fix: 'export the model again, or download it again; a newer field needs a newer Holdfast',
  },
  HF_ONNX_LIMIT: {
    exit: 3,
    meaning: 'The model is larger or deeper than the reader was told to accept.',
    fix: 'look at where the model comes from; if its size is meant, raise the limit that is named',
  },
  HF_ONNX_VERSION: {
    exit: 3,
    meaning: 'The IR version or an operator set version is missing, or is not one that this version understands.',
    fix: 'export the model with a version in the range that is named',
  },
  HF_ONNX_TYPE: {
    exit: 1,
    meaning: 'A data type, a value type or an attribute type is missing, unknown or does not fit its content.',
    fix: 'export the model again; onnx.checker in Python names the same place',
  },
  HF_ONNX_TENSOR_SIZE: {
    exit: 1,
    meaning: 'A tensor holds more or fewer bytes than its dimensions say.',
    fix: 'do not load the file: a runtime could read beyond its end; export the model again',
  },
  HF_ONNX_EXTERNAL_PATH: {
    exit: 1,
    meaning: "A tensor's external data lies outside the folder of the model, or its description cannot be understood.",
    fix: 'do not load the file: it could make a runtime read other files; export the model with data beside it',
  },
  HF_ONNX_DUPLICATE_NAME: {
    exit: 1,
    meaning: 'Two values, attributes, operator sets, functions or metadata keys have the same name.',
    fix: 'do not load the file: readers may disagree on which one counts; export the model again',
  },
  HF_ONNX_UNRESOLVED: {
    exit: 1,
    meaning: 'A name is used that nothing in the model produces.',
    fix: 'export the model again; onnx.checker in Python names the same place',
  },
  HF_ONNX_ORDER: {
    exit: 1,
    meaning: 'A value is used before it is produced: the graph has a cycle, or its nodes are not in topological order.',
    fix: 'export the model again; a graph without a cycle can be sorted with onnx.compose or onnx-graphsurgeon',
  },
  HF_ONNX_NO_VALUES: {
    exit: 2,
    meaning: 'Values were asked of a tensor whose values are not in the file, or are of a type without a typed array.',
    fix: 'read the external file first, or use the raw bytes of the tensor',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type OnnxErrorCode = keyof typeof onnxErrors;

/** Why a model was refused. `where` names the place in the model: a field, a graph and node, or a byte offset. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
  readonly code: OnnxErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where?: string;

  constructor(code: OnnxErrorCode, message: string, more: { where?: string; fix?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.fix = more.fix ?? onnxErrors[code].fix;
    this.exit = onnxErrors[code].exit;
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
