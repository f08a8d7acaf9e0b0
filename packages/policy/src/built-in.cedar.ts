/**
 * Policies that are appended to every policy set and cannot be taken out: what is withdrawn, what was made from data in which
 * something seems planted, and what rests on evidence that does not verify goes nowhere, whatever the project's own policies say.
 */
export const builtInName = 'holdfast:built-in';

export const builtInPolicies = `// Neither the artifact nor anything it was made from has been withdrawn.
@id("withdrawn")
@why("{artifact}, or something it was made from, is withdrawn or of unknown standing")
@fix("holdfast evidence list")
forbid (
  principal,
  action in [Holdfast::Action::"promote", Holdfast::Action::"deploy", Holdfast::Action::"invoke"],
  resource
)
unless { resource has standing && !resource.standing.withdrawn && !resource.standing.ancestorWithdrawn };

// No data are in it out of which rows should be set aside, and none that were.
@id("planted")
@why("{artifact} was made from data that failed data.poison, or from rows that were set aside")
@fix("holdfast lineage {artifact}")
forbid (
  principal,
  action in [Holdfast::Action::"promote", Holdfast::Action::"deploy", Holdfast::Action::"invoke"],
  resource
)
unless { resource has standing && !resource.standing.setAside && !resource.standing.suspect };

// Every piece of evidence that counts has verified.
@id("evidence-verifies")
@why("a piece of evidence does not verify")
@fix("holdfast verify {artifact}")
forbid (
  principal,
  action in [Holdfast::Action::"promote", Holdfast::Action::"deploy", Holdfast::Action::"invoke"],
  resource
)
unless { context.evidenceVerified };
`;
