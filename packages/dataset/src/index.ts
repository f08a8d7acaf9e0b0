export { DatasetError, type DatasetErrorCode, datasetErrors } from './errors.ts';
export { readSamples } from './read-samples.ts';
export {
  type Column,
  type ColumnOption,
  defaultLimits,
  type Format,
  type Limits,
  type SampleOptions,
  type Samples,
} from './samples.ts';
export { npzOf, type WrittenArray } from './write-npz.ts';
