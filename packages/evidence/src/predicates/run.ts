import { z } from 'zod';

/** What `buildType` our runs have: the parameters below are documented in spec/run.md. */
export const runBuildType = 'https://holdfast.dev/run/v1';

const digestSet = z.record(z.string().max(64), z.string().regex(/^[0-9a-f]{32,256}$/));

/** The files of a folder, so that one of them is recognised on its own. */
const folderFiles = z
  .array(z.object({ name: z.string().max(4096), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
  .max(100_000);

/** in-toto ResourceDescriptor v1, as far as runs use it. */
const dependency = z.looseObject({
  name: z.string().max(4096),
  digest: digestSet,
  annotations: z
    .looseObject({
      artifact: z.string().optional().describe('name in holdfast.yaml'),
      kind: z.string().optional(),
      stage: z.string().optional().describe('the stage that made it; absent for a source'),
      files: folderFiles.optional(),
    })
    .optional(),
});

export type RunDependency = z.infer<typeof dependency>;

/** What the egress proxy saw. */
const egress = z.looseObject({
  peers: z.array(z.looseObject({ host: z.string().max(255), port: z.number() })).max(10_000),
  refused: z.array(z.looseObject({ target: z.string().max(1024), reason: z.string().max(1024) })).max(10_000),
});

const traceSummary = z.looseObject({
  wallMs: z.number(),
  cpuMs: z.number().optional(),
  peakRssBytes: z.number().optional(),
});

/** SLSA provenance v1 of one run of a stage (slsa.dev/spec/v1.0/provenance). The subjects are its outputs. */
export const runSchema = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: z.literal(runBuildType),
    externalParameters: z.looseObject({
      project: z.string(),
      stage: z.string(),
      owner: z.string().optional(),
      command: z.string(),
      parameters: z.record(z.string(), z.unknown()),
      outputs: z.array(
        z.looseObject({
          path: z.string(),
          artifact: z.string().optional(),
          kind: z.string().optional(),
          risk: z.string().optional(),
          digest: digestSet,
          files: folderFiles.optional(),
        }),
      ),
    }),
    internalParameters: z.looseObject({
      isolation: z.looseObject({ level: z.enum(['none', 'sandbox', 'container', 'vm']) }),
      secrets: z.array(z.looseObject({ name: z.string(), as: z.enum(['variable', 'file']) })).optional(),
    }),
    resolvedDependencies: z.array(dependency).max(100_000),
  }),
  runDetails: z.looseObject({
    builder: z.looseObject({ id: z.string() }),
    metadata: z.looseObject({ invocationId: z.string(), startedOn: z.string(), finishedOn: z.string() }),
    byproducts: z.array(z.looseObject({ name: z.string() })),
    holdfast_outcome: z.looseObject({
      exitCode: z.literal(0),
      deleted: z.array(z.string()),
      unchanged: z.array(z.string()),
      undeclared: z.array(z.string()).optional(),
      network: egress.optional(),
      trace: traceSummary,
      anomalies: z.array(z.string()),
    }),
  }),
});

export type RunPredicate = z.infer<typeof runSchema>;
