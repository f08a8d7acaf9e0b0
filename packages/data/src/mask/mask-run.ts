import type { Table } from '@holdfast/dataset';
import type { ArtifactReader, Operation, OperationContext, Report } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { readOptions } from '../read-options.ts';
import { readKey } from './key/read-key.ts';
import { type MaskOptions, maskSchema, unmaskSchema } from './options.ts';
import { boundInverse } from './plan/bound-inverse.ts';
import { type BoundPlan, boundPlan, type PlanTools } from './plan/bound-plan.ts';
import type { Plan } from './plan/plan.ts';
import { readHierarchies } from './plan/read-hierarchies.ts';
import { readPlan } from './plan/read-plan.ts';
import { maskReport } from './report.ts';
import { requireOutputs, writeMasked } from './write-masked.ts';

interface Way {
  readonly operation: 'data.mask' | 'data.unmask';
  readonly schema: object;
  readonly bind: (plan: Plan, table: Table, tools: PlanTools) => BoundPlan;
}

/** The operation behind `maskOperation`. */
export const maskRun: Operation = {
  run: async (artifact, outputs, given, context) =>
    run({ operation: 'data.mask', schema: maskSchema, bind: boundPlan }, artifact, { outputs, given }, context),
};

/** The operation behind `unmaskOperation`. */
export const unmaskRun: Operation = {
  run: async (artifact, outputs, given, context) =>
    run({ operation: 'data.unmask', schema: unmaskSchema, bind: boundInverse }, artifact, { outputs, given }, context),
};

interface Asked {
  readonly outputs: Readonly<Record<string, string>>;
  readonly given: unknown;
}

async function run(
  { operation, schema, bind }: Way,
  artifact: ArtifactReader,
  { outputs, given }: Asked,
  context: OperationContext,
): Promise<Report> {
  const options = readOptions(schema, given) as unknown as MaskOptions;
  requireOutputs(outputs, context.isForced);
  const { inputs, signal, folder } = context;
  const plan = await readPlan(inputs['plan']);
  const tools: PlanTools = {
    key: await readKey(options, folder),
    hierarchies: await readHierarchies(inputs['hierarchies']),
  };
  const bound = { signal, rule: boundRule(operation), labels: inputs['labels'] };
  return withCopiedTable(artifact, options, bound, async (tables) => {
    const made = { operation, artifact, plan: bind(plan, tables[0], tools), keyId: tools.key?.id };
    const written = await writeMasked(tables, made, { outputs, options }, context);
    return maskReport(tables, written);
  });
}
