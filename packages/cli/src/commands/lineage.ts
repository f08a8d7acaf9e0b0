import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import { findSubjects, subjectWith } from '@holdfast/pipeline/lineage/find-subjects';
import type { Lineage } from '@holdfast/pipeline/lineage/lineage';
import { plainText } from '@holdfast/pipeline/lineage/plain-text';
import { archiveLineage, projectLineage } from '@holdfast/pipeline/lineage/read-lineage';
import { selectLineage } from '@holdfast/pipeline/lineage/select-lineage';
import { artifactTitle, cautions, evidenceSentence, shortDigest } from '@holdfast/pipeline/lineage/wording';
import { openProject, type Project } from '@holdfast/pipeline/project';
import { readTrust } from '@holdfast/pipeline/project-paths';
import { type CommandModule, type CommandResult, type Exit, flag, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { pathIn } from '../invocation.ts';
import { drawnLineage, type LineageFormat, lineageFormats } from '../lineage/drawn-lineage.ts';
import { writeWhole } from '../scan/write-whole.ts';
import { withoutDots } from '../short-hex.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const format = formatOf(invocation);
  const output = textOption(invocation, 'output');
  if (output !== undefined) await lstat(dirname(pathIn(invocation, output)));
  const lineage = await lineageFor(invocation);
  return answer(lineage, format, invocation, terminal);
};

/** @throws CliError HF_CLI_USAGE */
function formatOf(invocation: Invocation): LineageFormat {
  const wanted = textOption(invocation, 'format') ?? 'text';
  const format = lineageFormats.find((name) => name === wanted);
  if (format === undefined) {
    throw new CliError('HF_CLI_USAGE', `there is no format \`${wanted.slice(0, 60)}\``, {
      fix: `take one of ${lineageFormats.join(', ')}`,
    });
  }
  if (format === 'text' && textOption(invocation, 'output') !== undefined) {
    throw new CliError('HF_CLI_USAGE', 'the text goes to standard output, not to a file', {
      fix: 'add `--format svg` or `--format mermaid`',
    });
  }
  return format;
}

async function lineageFor(invocation: Invocation): Promise<Lineage> {
  const wanted = invocation.arguments[0];
  const archive = textOption(invocation, 'archive');
  if (archive !== undefined) {
    const lineage = await lineageOfArchive(archive, invocation);
    return wanted === undefined ? lineage : selectLineage(lineage, findSubjects(lineage, withoutDots(wanted)));
  }
  if (textOption(invocation, 'trust') !== undefined) {
    throw new CliError('HF_CLI_USAGE', '`--trust` is about an archive, and none is named', {
      fix: 'name it: --archive FILE',
    });
  }
  const project = await openProject(invocation.folder);
  const lineage = await projectLineage(project);
  return wanted === undefined
    ? lineage
    : selectLineage(lineage, await subjectsIn(project, lineage, wanted, invocation));
}

/** @throws CliError HF_CLI_TRUST_NEEDED */
async function lineageOfArchive(archive: string, invocation: Invocation): Promise<Lineage> {
  const trust = textOption(invocation, 'trust');
  if (trust === undefined) {
    throw new CliError('HF_CLI_TRUST_NEEDED', `whose word is \`${archive}\` to be checked against?`);
  }
  const file = pathIn(invocation, archive);
  await lstat(file);
  return archiveLineage(file, await readTrust(pathIn(invocation, trust)));
}

/** What lies in the project is meant by its bytes; what is gone, or is only known by its digest, by what evidence says. */
async function subjectsIn(
  project: Project,
  lineage: Lineage,
  wanted: string,
  invocation: Invocation,
): Promise<readonly string[]> {
  const path = project.config.artifacts[wanted]?.path;
  const place =
    path === undefined ? pathIn(invocation, wanted) : pathIn({ ...invocation, folder: project.folder }, path);
  const isThere = await lstat(place).then(
    () => true,
    () => false,
  );
  if (!isThere) return findSubjects(lineage, withoutDots(wanted));
  const artifact = await findArtifact(project, wanted, invocation.folder);
  const subject = subjectWith(lineage, { ...artifact.digest.digests });
  if (subject !== undefined) return [subject];
  throw nothingKnown(lineage, wanted, artifact.path);
}

function nothingKnown({ artifacts }: Lineage, wanted: string, path: string): CliError {
  const recorded = artifacts.find(({ paths }) => paths.includes(path));
  if (recorded === undefined) return new CliError('HF_CLI_NOTHING_KNOWN', `nothing is known about \`${wanted}\``);
  return new CliError('HF_CLI_NOTHING_KNOWN', `\`${wanted}\` is not what any evidence speaks of: it was changed`, {
    fix: `restore it, or look at what was recorded: holdfast lineage ${shortDigest(recorded.digest).replace('…', '')}`,
  });
}

async function answer(
  lineage: Lineage,
  format: LineageFormat,
  invocation: Invocation,
  terminal: Terminal,
): Promise<CommandResult> {
  const { lines, left } = await drawnLineage(lineage, format, flag(invocation, 'code'), terminal);
  const exit = exitOf(lineage, left);
  const output = textOption(invocation, 'output');
  if (output === undefined) return { exit, lines, result: { ...lineage, format, left } };
  await writeWhole(pathIn(invocation, output), lines.map((line) => `${line}\n`).join(''));
  const notes = [evidenceSentence(lineage), ...cautions(lineage), ...left];
  return {
    exit,
    lines: [
      `The lineage of ${plainText(titleOf(lineage))} is in ${output}`,
      ...notes.flatMap((note) => labelled('', 0, note)),
    ],
    result: { ...lineage, format, left, output },
  };
}

function titleOf({ artifacts, subjects, title }: Lineage): string {
  const asked = artifacts.filter(({ id }) => subjects?.includes(id));
  return [...new Set(asked.map(artifactTitle))].join(', ') || title;
}

/** Tampering is 1; where something comes from that evidence should show and does not, or what did not count, is 3. */
function exitOf({ broken, ignored, artifacts, runs, decisions }: Lineage, left: readonly string[]): Exit {
  if (broken.length > 0 || decisions.some(({ state }) => state === 'unknown')) return 1;
  const isEmpty = artifacts.length + runs.length === 0 && ignored.length > 0;
  return isEmpty || left.length > 0 || artifacts.some(({ origin }) => origin === 'unproven') ? 3 : 0;
}
