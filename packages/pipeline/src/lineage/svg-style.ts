/** Colours for light and for dark pages; contrast of text is at least 7 : 1 in both. */
export const svgStyle = `
  svg { --page: #ffffff; --ink: #1b1f24; --soft: #4a5560; --line: #6b7785; --box: #f5f7f9; --run: #e8eef6;
    --good: #1a7f37; --doubt: #8a5a00; --bad: #b3261e; color-scheme: light dark }
  @media (prefers-color-scheme: dark) { svg { --page: #0f1419; --ink: #eef2f6; --soft: #b6c1cc; --line: #8795a3;
    --box: #1a2129; --run: #1b2a3d; --good: #4fc26b; --doubt: #e0a93a; --bad: #ff8a80 } }
  .page { fill: var(--page) }
  text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--soft);
    white-space: pre }
  .title { font-weight: 700; fill: var(--ink) }
  .heading { font-size: 15px; font-weight: 700; fill: var(--ink) }
  .caution { fill: var(--bad); font-weight: 700 }
  .shape { fill: var(--box); stroke: var(--line); stroke-width: 1.2 }
  .inner { fill: none; stroke: var(--line) }
  .run .shape { fill: var(--run) }
  .good .shape { stroke: var(--good); stroke-width: 2 }
  .doubt .shape { stroke: var(--doubt); stroke-width: 2; stroke-dasharray: 6 3 }
  .bad .shape { stroke: var(--bad); stroke-width: 3 }
  .subject .shape { stroke-width: 3.5 }
  .arrow { fill: none; stroke: var(--line); stroke-width: 1.3 }
  .back { stroke-dasharray: 4 3 }
  .head { fill: var(--line) }
`;
