import type { Compressed } from '@holdfast/trials/hardening/compress';
import type { CompressionOptions } from '@holdfast/trials/hardening/compression-options';
import type { Invocation } from '../command.ts';
import { pathIn } from '../invocation.ts';
import { countOf } from '../view-lines.ts';
import { labelled } from '../wrap.ts';
import type { Hardening } from './run-hardening.ts';

/** A kind of hardening that makes a model smaller. */
export function compressHardening<Layer>(
  invocation: Invocation,
  { kind, method, layer }: { readonly kind: string; readonly method: string; readonly layer: (each: Layer) => string },
  options: CompressionOptions,
  compress: (bytes: Uint8Array) => Promise<Compressed<Layer>>,
): Hardening {
  const { data = '', test, threat, seed, threads } = options;
  return {
    ...{ kind, seed, threads },
    make: async (before) => {
      const { bytes, measuredOn, layers, left, samples } = await compress(before);
      const read = Object.entries(samples).map(([name, digest]) => ({
        path: pathIn(invocation, name === 'test' ? (test ?? '') : data),
        digest,
      }));
      return {
        ...{ bytes, measuredOn, read, measuredWith: `samples of ${test ?? data}`, parameters: { ...options } },
        ...(threat === undefined ? {} : { threat }),
        lines: lines(method, layers.map(layer), left),
        report: { method, options, layers, left, samples },
      };
    },
  };
}

/** Layers that are listed by name. */
const most = 8;

function lines(method: string, layers: readonly string[], left: Compressed<unknown>['left']): string[] {
  const line = (label: string, text: string): string[] => labelled(`  ${label.padEnd(16)}`, 18, text);
  const listed = (texts: readonly string[], label: string): string[] => [
    ...texts.slice(0, most).flatMap((text, index) => line(index === 0 ? label : '', text)),
    ...(texts.length > most ? line('', `and ${countOf(texts.length - most, 'layer')} more`) : []),
  ];
  const kept = left.map(({ layer, operator, why }) => `${layer} (${operator}): ${why}`);
  return [...line('method', method), ...listed(layers, 'layers'), ...listed(kept, 'as it was')];
}
