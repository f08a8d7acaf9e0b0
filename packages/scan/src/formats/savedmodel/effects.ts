import type { Effect } from '../../callables/judge.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Operations of TensorFlow's registry that reach out of the graph, by what they reach (tensorflow 2.21.0). */
const operations: readonly (readonly [effect: Effect, does: string, names: readonly string[]])[] = [
  ['code', 'calls a function of Python', ['PyFunc', 'PyFuncStateless', 'EagerPyFunc']],
  ['process', 'ends the process', ['Abort']],
  [
    'file',
    'reads files',
    words(`
      ReadFile MatchingFiles MatchingFilesDataset ExperimentalMatchingFilesDataset TextLineDataset TFRecordDataset
      TFRecordDatasetV2 FixedLengthRecordDataset FixedLengthRecordDatasetV2 LMDBDataset ExperimentalLMDBDataset LMDBReader
      CSVDataset CSVDatasetV2 ExperimentalCSVDataset TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2
      FixedLengthRecordReader FixedLengthRecordReaderV2 WholeFileReader WholeFileReaderV2 LoadDataset LoadAndRemapMatrix
      GenerateVocabRemapping ImmutableConst Skipgram RecordInput SqlDataset ExperimentalSqlDataset SnapshotDatasetReader
    `),
  ],
  [
    'file',
    'writes files',
    words(`
      WriteFile SaveDataset SaveDatasetV2 SnapshotDataset SnapshotDatasetV2 DatasetToTFRecord ExperimentalDatasetToTFRecord
      DumpTensor DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount DebugNumericSummary DebugNumericSummaryV2
      CreateSummaryFileWriter CreateSummaryDbWriter CalibrationStatisticsSaver FileSystemSetConfiguration
    `),
  ],
  [
    'network',
    'talks to other machines',
    words(`
      RpcServer RpcServerStart RpcServerRegister RpcClient RpcCall RpcCheckStatus RpcGetValue DataServiceDataset
      DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset RegisterDatasetV2
    `),
  ],
];

export const effects: ReadonlyMap<string, { readonly effect: Effect; readonly does: string }> = new Map(
  operations.flatMap(([effect, does, names]) => names.map((name) => [name, { effect, does }] as const)),
);

/** Operations that take the path of a checkpoint or a vocabulary, and which of their inputs are paths. */
export const pathInputs: ReadonlyMap<string, readonly number[]> = new Map([
  ['SaveV2', [0]],
  ['RestoreV2', [0]],
  ['MergeV2Checkpoints', [0, 1]],
  ['Save', [0]],
  ['SaveSlices', [0]],
  ['Restore', [0]],
  ['RestoreSlice', [0]],
  ['InitializeTableFromTextFile', [1]],
  ['InitializeTableFromTextFileV2', [1]],
]);
