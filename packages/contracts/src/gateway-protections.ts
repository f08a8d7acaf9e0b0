import { z } from 'zod';
import { gatewayResponse } from './gateway-response.ts';
import { projectPath } from './scalars.ts';
import { listOf, strict } from './shapes.ts';
import { expected } from './wording.ts';

const modes = ['off', 'observe', 'enforce'] as const;
const mode = z.enum(modes, { error: expected('`off`, `observe` or `enforce`') });

const output = strict({
  name: z
    .string({ error: expected('the name of an output') })
    .min(1)
    .max(256)
    .exactOptional()
    .describe('The output that holds one score for each class; the only one when left out.'),
  holds: z
    .enum(['probabilities', 'logits'], { error: expected('`probabilities` or `logits`') })
    .exactOptional()
    .describe('What the scores are; `probabilities` when left out.'),
  top: z
    .int({ error: expected('a whole number') })
    .min(1)
    .max(10_000)
    .exactOptional()
    .describe('Scores of so many classes are kept, the others share what they have together.'),
  digits: z
    .int({ error: expected('a whole number') })
    .min(0)
    .max(8)
    .exactOptional()
    .describe('Scores are rounded to so many digits.'),
  labelOnly: z
    .boolean({ error: expected('`true` or `false`') })
    .exactOptional()
    .describe('1 for the class, 0 for others.'),
  clip: z
    .number({ error: expected('a number') })
    .gt(0.5)
    .lt(1)
    .exactOptional()
    .describe('No score is higher than this.'),
});

/** What is looked at while a model serves; each is off until it is asked for, but for the schema. */
export const protections = strict({
  schema: mode
    .exactOptional()
    .describe('Names, shapes and types as the ONNX model takes them; `enforce` for ONNX models.'),
  profile: projectPath
    .exactOptional()
    .describe('The data set that the model was trained on: ranges and categories of its signed profile count.'),
  leave: listOf(
    z
      .string({ error: expected('the name of a column') })
      .min(1)
      .max(256),
    'a list of columns',
    10_000,
  )
    .exactOptional()
    .describe('Columns of the profile that the model does not see, such as the label.'),
  fitted: projectPath
    .exactOptional()
    .describe('What `holdfast gateway fit` learnt for the model: `anomaly`, `evasion` and `extraction` go by it.'),
  anomaly: mode.exactOptional().describe('Inputs unlike those that the model was trained on.'),
  evasion: mode.exactOptional().describe('Callers who send many inputs that hardly differ.'),
  extraction: mode.exactOptional().describe('Callers who ask as one does who copies the model.'),
  response: gatewayResponse
    .exactOptional()
    .describe('What becomes of callers whose requests are judged again and again.'),
  output: output.exactOptional().describe('How much of its scores the model tells.'),
});
export type Protections = z.output<typeof protections>;
