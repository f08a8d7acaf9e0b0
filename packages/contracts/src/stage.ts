import { z } from 'zod';
import { duration } from './duration.ts';
import { sandbox } from './sandbox.ts';
import { line, name, projectPath } from './scalars.ts';
import { secrets } from './secret.ts';
import { listOf, strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

const parameterName = z.string({ error: expected('the name of a parameter') }).regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, {
  error: refused('is not the name of a parameter: letters, digits, `.`, `_` and `-`, at most 64, a letter first'),
});

const parameterText = z.string().max(4096, { error: 'is longer than 4096 characters' });
const parameter = z.union([parameterText, z.number(), z.boolean()], {
  error: expected('text, a number, true or false'),
});

const parameters = z
  .record(parameterName, parameter, { error: expected('a mapping of parameters') })
  .refine((map) => Object.keys(map).length <= 256, { error: 'holds more than 256 entries' });

const paths = listOf(projectPath, 'a list of artifacts and paths', 4096);

/** A program as the sandbox finds it: a bare name or an absolute path would both differ by machine, so a name. */
const tool = z
  .string({ error: expected('the name of a program such as `python`') })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/, { error: refused('is not the name of a program such as `python`') });

/** A named step of the pipeline. An input or output is the name of an artifact, or else a path. */
export const stage = strict({
  command: line('a command such as `python train.py`', 4096).describe('What runs, from the project folder.'),
  owner: name.exactOptional().describe('The key or role whose provenance counts; by anybody else it is denied.'),
  toolchain: listOf(tool, 'a list of programs', 64)
    .default([])
    .describe('Programs that the sandbox may see beside the inputs; recorded.'),
  inputs: paths.default([]).describe('Artifacts and paths that the stage reads.'),
  outputs: paths.default([]).describe('Artifacts and paths that the stage writes.'),
  metrics: projectPath.exactOptional().describe('A JSON file of numbers that the stage writes; becomes evidence.'),
  parameters: parameters.default({}).describe('Values that the run is recorded with.'),
  secrets: secrets
    .default([])
    .describe('What the command gets and nobody else may see: names, or a mapping from names to where they come from.'),
  maxAge: duration.exactOptional().describe('How old its evidence may become before the stage is due, such as `30d`.'),
  sandbox: sandbox.prefault({}).describe('What the stage may reach and use.'),
});
export type Stage = z.output<typeof stage>;
