/**
 * Who may ask a model that is served, unless the project has a policy of its own for that. A key or token that is for some models is
 * refused for every other before any policy is asked.
 */
export const invokePolicyName = 'holdfast:invoke';

export const invokePolicy = `// Whoever has the role \`caller\` may ask what is served.
@id("caller")
permit (principal, action == Holdfast::Action::"invoke", resource)
when { principal.roles.contains("caller") };

// Whose key is for a model may ask that model.
@id("scoped")
permit (principal, action == Holdfast::Action::"invoke", resource)
when { principal has scopes && context has model && principal.scopes.contains(context.model) };
`;
