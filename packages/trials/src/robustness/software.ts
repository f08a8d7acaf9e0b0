import { cpus } from 'node:os';
import { runtimeVersion } from '@holdfast/inference';
import { trialsVersion } from '../version.ts';

/** What a trial ran with: with the same seed, the same of all of it gives the same bits. */
export interface Software {
  /** Of Holdfast's trials. */
  readonly trials: string;
  readonly onnxruntime: string;
  readonly node: string;
  /** `linux-x64` */
  readonly platform: string;
  /** Instructions differ from processor to processor, and with them the last bits. */
  readonly processor: string;
}

export async function softwareHere(): Promise<Software> {
  return {
    trials: trialsVersion,
    onnxruntime: await runtimeVersion(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
  };
}
