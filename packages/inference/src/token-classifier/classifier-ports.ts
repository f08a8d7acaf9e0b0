import { InferenceError, shown } from '../errors.ts';
import type { Port } from '../port.ts';
import type { Session } from '../session.ts';

/** What a token classifier is fed. */
const fed = ['input_ids', 'attention_mask', 'token_type_ids'] as const;
export type FedName = (typeof fed)[number];

export interface ClassifierPorts {
  readonly inputs: readonly FedName[];
  readonly output: string;
}

/**
 * Makes sure that a model takes tokens and gives a number for each token and label.
 * @throws InferenceError HF_INFERENCE_CLASSIFIER
 */
export function classifierPorts({ inputs, outputs }: Session, labels: number): ClassifierPorts {
  const names = inputs.map((port) => {
    const name =
      fed.find((each) => each === port.name) ?? refuse(`the model takes ${shown(port.name)}, which is not known`);
    if (port.type !== 'INT64' || port.dims.length !== 2) refuse(`${shown(name)} is no INT64 [batch, sequence]`);
    if (port.dims.some((size) => typeof size === 'number')) {
      refuse(`${shown(name)} takes exactly [${port.dims.join(', ')}]: export it with dimensions that are open`);
    }
    return name;
  });
  if (!names.includes('input_ids')) refuse('the model takes no `input_ids`');
  return { inputs: names, output: outputOf(outputs, labels) };
}

function outputOf(outputs: readonly Port[], labels: number): string {
  const output = outputs.find(({ name }) => name === 'logits') ?? refuse('the model gives no `logits`');
  const [, , last] = output.dims;
  if (output.type !== 'FLOAT' || output.dims.length !== 3) refuse('`logits` is no FLOAT [batch, sequence, labels]');
  if (typeof last === 'number' && last !== labels) {
    refuse(`\`logits\` is of ${last} labels, \`config.json\` has ${labels}`);
  }
  return output.name;
}

function refuse(message: string): never {
  throw new InferenceError('HF_INFERENCE_CLASSIFIER', message);
}
