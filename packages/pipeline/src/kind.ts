import type { ArtifactKind } from '@holdfast/evidence/check';

/** Kinds of file by their endings; what no ending tells is data, the kind that is asked most of. */
const byEnding: readonly (readonly [ArtifactKind, readonly string[]])[] = [
  // what says where a table of a database is stands for its rows
  ['dataset', ['.table.yaml', '.table.yml']],
  [
    'code',
    [
      '.py',
      '.ts',
      '.js',
      '.mjs',
      '.cjs',
      '.r',
      '.jl',
      '.sh',
      '.sql',
      '.ipynb',
      '.java',
      '.scala',
      '.go',
      '.rs',
      '.c',
      '.cc',
      '.cpp',
      '.h',
      '.hpp',
      'makefile',
    ],
  ],
  [
    'configuration',
    ['.yaml', '.yml', '.toml', '.ini', '.cfg', 'dockerfile', 'requirements.txt', 'package.json', '.lock'],
  ],
  [
    'model',
    ['.onnx', '.pt', '.pth', '.pkl', '.joblib', '.safetensors', '.h5', '.keras', '.gguf', '.pb', '.tflite', '.ubj'],
  ],
];

/** Guesses what an undeclared path holds, by its ending. */
export function kindOfPath(path: string): ArtifactKind {
  const name = path.toLowerCase();
  return byEnding.find(([, endings]) => endings.some((ending) => name.endsWith(ending)))?.[0] ?? 'dataset';
}
