import { z } from 'zod';

const columnName = z.string().min(1).max(256);

const optionsSchema = z.strictObject({
  model: z.string().min(1).describe('the model that is to be protected: ONNX'),
  leave: z.array(columnName).max(10_000).default([]).describe('columns that the model does not see, such as the label'),
  scores: columnName.optional().describe('the output that holds the scores (default: the only one)'),
  holds: z
    .enum(['probabilities', 'logits'])
    .default('probabilities')
    .describe('what the scores are: probabilities or logits'),
  falseAlarms: z
    .number()
    .gt(0)
    .max(0.5)
    .optional()
    .describe('part of ordinary requests that may be called anomalous (default: 0.001, or what the rows allow)'),
  seed: z.string().max(256).default('0').describe('what is drawn depends on it'),
});

/** What may be said of a fit. */
export type FitOptions = z.output<typeof optionsSchema>;

/** The JSON Schema of the options of `gateway.fit`. */
export const fitSchema: Readonly<Record<string, unknown>> = z.toJSONSchema(optionsSchema, { io: 'input' });

/** @returns what is wrong, in place of the options */
export function readFitOptions(given: unknown): FitOptions | string {
  const parsed = optionsSchema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  return `the option \`${path.join('.')}\`: ${message}`;
}
