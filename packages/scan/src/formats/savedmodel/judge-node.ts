import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { effects, pathInputs } from './effects.ts';
import { operationNames } from './generated/operations.ts';
import { type GraphNode, textAttribute } from './node.ts';
import { savedModelRules } from './rules.ts';

const computing: ReadonlySet<string> = new Set(operationNames.trim().split(/\s+/));
/** They only tie strings together; where the result is used as a path is followed from there. */
const harmless: ReadonlySet<string> = new Set(['ShardedFilename', 'ShardedFilespec', 'Print']);

/** Whether TensorFlow has an operation of the name, as far as it is known here. */
export function isOperation(name: string): boolean {
  return computing.has(name) || harmless.has(name) || pathInputs.has(name) || effects.has(name) || name === 'PrintV2';
}

/** Judges what a node calls by its operation alone; operations that take paths are followed with their graph. */
export function judgeNode(part: Inspection, node: GraphNode, functions: ReadonlySet<string>, graph: string): void {
  const { operation, name } = node;
  if (computing.has(operation) || harmless.has(operation) || pathInputs.has(operation) || functions.has(operation))
    return;
  const within = graph === '' ? name : `${graph}/${name}`;
  if (operation === 'PrintV2') {
    judgePrint(part, node, within);
    return;
  }
  const full = `tensorflow.${operation}`;
  if (part.scan.allow.callables.has(full)) return;
  const effect = effects.get(operation);
  const when = 'when the function that holds it is called';
  if (effect !== undefined) {
    const message = `the operation ${shown(operation)} ${effect.does}`;
    part.report(savedModelRules.effect, { message, within, reaches: full, when });
    return;
  }
  const message = `the operation ${shown(operation)} is not on the list`;
  part.report(savedModelRules.operation, { message, within, reaches: full, when });
}

const streams: ReadonlySet<string> = new Set(['stdout', 'stderr', 'log(info)', 'log(warning)', 'log(error)']);

/** `tf.print` writes where it is told: to a terminal, a log, or a file. */
function judgePrint(part: Inspection, node: GraphNode, within: string): void {
  const stream = textAttribute(part.source, node, 'output_stream') ?? 'stderr';
  if (streams.has(stream)) return;
  const message = `it prints into ${shown(stream)}`;
  part.report(savedModelRules.effect, { message, within, reaches: 'tensorflow.PrintV2', when: 'when the model runs' });
}
