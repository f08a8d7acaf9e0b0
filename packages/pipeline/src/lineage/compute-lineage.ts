import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import type { EvidenceView } from '@holdfast/evidence/view';
import { indexRuns, type RunIndex } from '@holdfast/policy/lineage';
import { ArtifactBook, type ArtifactPage, artifactOf } from './artifact-book.ts';
import { DecisionBook, withdrawnNames } from './gather-decisions.ts';
import { foldersWith, gatherParts } from './gather-parts.ts';
import { RunBook, runOf } from './gather-runs.ts';
import { noteWord } from './gather-words.ts';
import type { Lineage, LineagePart, LineageRun } from './lineage.ts';
import { linksOf, reachable } from './links.ts';
import { piecesBehind } from './pieces.ts';

/**
 * Computes from verified evidence, and from nothing else, where everything comes from and where it went.
 *
 * @param title what the whole is called: the project, or the ledger
 * @param problems by evidence id, why a decision does not come out again; such a decision counts for nothing
 */
export function computeLineage(
  view: EvidenceView,
  title: string,
  problems: ReadonlyMap<string, string> = new Map(),
): Lineage {
  const books = { artifacts: new ArtifactBook(), runs: new RunBook(), decisions: new DecisionBook() };
  readEvidence(view, books);
  const { artifacts, runs, decisions } = books;
  const index = indexRuns(view.evidence);
  const parts = gatherParts(index.all, artifacts);
  for (const { from, to } of parts) markPart(artifacts.pages, from, to);
  const ran = runs.pages.map(runOf);
  markWithdrawn(books, ran, index, parts);
  const nodes = {
    artifacts: [...artifacts.pages.values()].map(artifactOf),
    runs: ran,
    decisions: decisions.all(index, withdrawnNames(artifacts), problems),
  };
  return {
    title,
    ledger: { origin: view.origin, size: view.size },
    ...nodes,
    parts,
    evidence: piecesBehind(nodes),
    broken: view.broken,
    ignored: view.ignored,
  };
}

interface Books {
  readonly artifacts: ArtifactBook;
  readonly runs: RunBook;
  readonly decisions: DecisionBook;
}

/** Reads the evidence in ledger order. */
function readEvidence(view: EvidenceView, { artifacts, runs, decisions }: Books): void {
  for (const piece of view.evidence) {
    const run = evidenceAs('run', piece);
    const decision = evidenceAs('decision', piece);
    if (run !== undefined) runs.note(run, artifacts);
    if (decision !== undefined) decisions.note(decision, artifacts);
    noteWord(piece, artifacts, runs);
  }
}

/** A file of a folder comes from where the folder comes from. */
function markPart(pages: ReadonlyMap<string, ArtifactPage>, from: string, to: string): void {
  const page = pages.get(to);
  if (page !== undefined && pages.get(from)?.isMade === true) page.isMade = true;
}

/** Whatever can be reached from what is withdrawn was made from it; so was a folder with a withdrawn file in it. */
function markWithdrawn(
  { artifacts }: Books,
  runs: readonly LineageRun[],
  index: RunIndex,
  parts: readonly LineagePart[],
) {
  const { pages } = artifacts;
  const names = withdrawnNames(artifacts);
  if (names.size === 0) return;
  const { next } = linksOf(runs, parts);
  const withdrawn = [...pages.values()].filter(({ withdrawals }) => withdrawals.length > 0);
  const starts = [...withdrawn.flatMap(({ id }) => next(id)), ...foldersWith(names, index.all)];
  for (const id of reachable(starts, next)) {
    const page = pages.get(id);
    if (page !== undefined) page.isFromWithdrawn = true;
  }
}
