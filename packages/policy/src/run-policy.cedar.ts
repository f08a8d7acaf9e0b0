/**
 * What is demanded of a stage before it is given its inputs, unless the project has a `policy/run.cedar` of its own. It is asked
 * about each input that is confidential or restricted, and about each of which it is not known although it was to be measured.
 */
export const runPolicyName = 'holdfast:run';

export const runPolicy = `// Whoever holds the key of a builder may run stages.
@id("run")
permit (principal, action == Holdfast::Action::"run", resource);

// How confidential an input is has to be known.
@id("class-known")
@why("it is not known how confidential {artifact} is")
@fix("holdfast data classify {artifact}")
forbid (principal, action == Holdfast::Action::"run", resource)
unless { context has classLevel };

// What is confidential is given only to what can send it nowhere.
@id("confidential-offline")
@why("{artifact} is confidential, and the stage can reach a network")
@fix("leave out \`network\` in the sandbox of the stage, or give it data that are masked")
forbid (principal, action == Holdfast::Action::"run", resource)
unless {
  context has classLevel &&
  (context.classLevel < 2 || (context has network && context.network == "none"))
};

// What is restricted is given only to what is separated from the machine.
@id("restricted-confined")
@why("{artifact} is restricted, and nothing separates the stage from the machine")
@fix("holdfast doctor")
forbid (principal, action == Holdfast::Action::"run", resource)
unless {
  context has classLevel &&
  (context.classLevel < 3 || (context has isolationLevel && context.isolationLevel >= 1))
};
`;
