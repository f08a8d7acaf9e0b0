/** A format that is recognised, and whose content is not judged here: a file of it is `unknown`. */
export interface Known {
  readonly name: string;
  readonly title: string;
  readonly extensions: readonly string[];
  /** Bytes at an offset, in hex, all of which are there; any of the signatures. */
  readonly signatures?: readonly (readonly (readonly [offset: number, hex: string])[])[];
  readonly kind: 'model' | 'data' | 'media' | 'executable' | 'document';
  /** What to do instead, where there is something. */
  readonly fix?: string;
}

const convert = 'convert it to safetensors or ONNX where that is possible, or allow it by its digest';

const withoutCode = 'leave it out, or allow it by its digest: a model needs no machine code';
const executable = (
  name: string,
  title: string,
  extensions: string,
  ...signatures: NonNullable<Known['signatures']>
): Known => ({
  ...{ name, title, extensions: extensions === '' ? [] : extensions.split(' '), signatures },
  ...{ kind: 'executable', fix: withoutCode },
});

const executables: readonly Known[] = [
  executable('elf', 'an ELF program or library', 'so elf', [[0, '7f454c46']]),
  executable(
    'mach-o',
    'a Mach-O program or library',
    'dylib',
    [[0, 'cffaedfe']],
    [[0, 'cefaedfe']],
    [[0, 'feedfacf']],
    [[0, 'feedface']],
  ),
  executable('java-class', 'a Java class or a universal Mach-O', 'class', [[0, 'cafebabe']]),
  executable('wasm', 'a WebAssembly module', 'wasm', [[0, '0061736d01000000']]),
  executable(
    'python-bytecode',
    'compiled Python',
    'pyc pyo',
    [
      [2, '0d0a'],
      [4, '000000'],
      [16, 'e3'],
    ],
    [
      [2, '0d0a'],
      [4, '000000'],
      [16, '63'],
    ],
  ),
  executable('llvm', 'LLVM bitcode', 'bc', [[0, '4243c0de']]),
  executable('lua-bytecode', 'compiled Lua', 'luac', [[0, '1b4c7561']]),
  executable('dex', 'a Dalvik executable', 'dex', [
    [0, '6465780a'],
    [7, '00'],
  ]),
];

const model = (
  name: string,
  title: string,
  extensions: string,
  signatures: Known['signatures'],
  fix = convert,
): Known => ({
  ...{ name, title, extensions: extensions.split(' '), kind: 'model', fix },
  ...(signatures === undefined ? {} : { signatures }),
});

const models: readonly Known[] = [
  model('tflite', 'a TensorFlow Lite model', 'tflite lite', [[[4, '54464c33']]]),
  model('executorch', 'an ExecuTorch program', 'pte', [[[4, '45543132']]]),
  model('coreml', 'a Core ML model', 'mlmodel mlpackage mlmodelc', undefined),
  model('openvino', 'an OpenVINO model', 'blob', undefined),
  model('tensorrt', 'a TensorRT plan, which is machine code', 'engine plan trt', [
    [[0, '66747274']],
    [[0, '70747274']],
  ]),
  model('catboost', 'a CatBoost model', 'cbm', [[[0, '43424d31']]]),
  model(
    'xgboost-binary',
    'an XGBoost model in its deprecated binary form',
    'xgb',
    [[[0, '62696e66']], [[0, '62733634']]],
    'save it again with `Booster.save_model("model.json")` or `model.ubj`',
  ),
  model('paddle', 'a PaddlePaddle model', 'pdmodel pdiparams pdparams', undefined),
  model('mxnet', 'MXNet parameters', 'params', undefined),
  model('caffe', 'a Caffe model', 'caffemodel prototxt', undefined),
  model('darknet', 'Darknet weights', 'weights', undefined),
  model('ncnn', 'an ncnn or MNN model', 'mnn ncnn param', undefined),
  model('rknn', 'a model for an accelerator', 'rknn om hef edgetpu', [[[0, '524b4e4e']]]),
  model('cntk', 'a CNTK or Torch 7 model', 't7 cntk dnn', undefined),
  model('llamafile', 'a llamafile, which is a program', 'llamafile', undefined),
  model(
    'ggml',
    'a model of GGML before GGUF',
    'ggml',
    [[[0, '6c6d6767']], [[0, '666d6767']], [[0, '746a6767']], [[0, '616c6767']]],
    'convert it to GGUF',
  ),
];

const table = (
  name: string,
  title: string,
  extensions: string,
  ...signatures: NonNullable<Known['signatures']>
): Known => ({
  ...{ name, title, extensions: extensions.split(' '), kind: 'data' },
  ...(signatures.length === 0 ? {} : { signatures }),
});

const data: readonly Known[] = [
  table('parquet', 'a Parquet table', 'parquet pq', [[0, '50415231']]),
  table('arrow', 'an Arrow or Feather file', 'arrow feather', [[0, '4152524f5731']], [[0, '46454131']]),
  table('orc', 'an ORC table', 'orc', [[0, '4f5243']]),
  table('avro', 'an Avro file', 'avro', [[0, '4f626a01']]),
  table('sqlite', 'an SQLite database', 'sqlite sqlite3 db', [[0, '53514c69746520666f726d6174203300']]),
  table('matlab', 'a MATLAB file', 'mat', [[0, '4d41544c414220352e30204d41542d66696c65']]),
  table(
    'r-data',
    'an R object, which may hold code',
    'rds rdata rda',
    [[0, '580a00000002']],
    [[0, '580a00000003']],
    [[0, '410a310a']],
    [[0, '524458']],
  ),
  table('lmdb', 'an LMDB database', 'mdb lmdb', [[16, 'dec0efbe']]),
  table('tfrecord', 'a TFRecord file', 'tfrecord'),
  table('duckdb', 'a DuckDB database', 'duckdb', [[8, '4455434b']]),
  table('faiss', 'a FAISS index', 'faiss', [[0, '49784632']], [[0, '49784649']]),
  table('rar', 'a RAR archive', 'rar', [[0, '526172211a07']]),
  table('cab', 'a cabinet archive', 'cab', [
    [0, '4d534346'],
    [4, '00000000'],
  ]),
];

const medium = (
  name: string,
  title: string,
  extensions: string,
  ...signatures: NonNullable<Known['signatures']>
): Known => ({
  ...{ name, title, extensions: extensions.split(' '), signatures, kind: name === 'pdf' ? 'document' : 'media' },
});

const media: readonly Known[] = [
  medium('png', 'a PNG picture', 'png', [[0, '89504e470d0a1a0a']]),
  medium('jpeg', 'a JPEG picture', 'jpg jpeg', [[0, 'ffd8ff']]),
  medium('gif', 'a GIF picture', 'gif', [[0, '474946383761']], [[0, '474946383961']]),
  medium('webp', 'a WebP picture', 'webp', [
    [0, '52494646'],
    [8, '57454250'],
  ]),
  medium('tiff', 'a TIFF picture', 'tif tiff', [[0, '49492a00']], [[0, '4d4d002a']]),
  medium('ico', 'an icon', 'ico', [
    [0, '0000010001'],
    [9, '00'],
  ]),
  medium('wav', 'a WAVE recording', 'wav', [
    [0, '52494646'],
    [8, '57415645'],
  ]),
  medium('avi', 'an AVI film', 'avi', [
    [0, '52494646'],
    [8, '41564920'],
  ]),
  medium('flac', 'a FLAC recording', 'flac', [[0, '664c6143']]),
  medium('ogg', 'an Ogg recording', 'ogg opus', [[0, '4f67675300']]),
  medium('mp3', 'an MP3 recording', 'mp3', [[0, '494433']]),
  medium('mp4', 'an MP4 film', 'mp4 m4a mov', [[4, '66747970']]),
  medium('matroska', 'a Matroska or WebM film', 'mkv webm', [[0, '1a45dfa3']]),
  medium('pdf', 'a PDF document', 'pdf', [[0, '255044462d']]),
  medium('font', 'a font', 'ttf otf woff woff2', [[0, '4f54544f']], [[0, '774f4646']], [[0, '774f4632']]),
  medium('ole', 'a document of Microsoft Office', 'doc xls ppt', [[0, 'd0cf11e0a1b11ae1']]),
];

export const known: readonly Known[] = [...executables, ...models, ...data, ...media];
