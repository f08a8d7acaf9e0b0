/** Light and dark by what the reader's system asks for; colours keep a contrast of 4.5 or more (WCAG 2.2, 1.4.3). */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --line: #d0d7de; --good: #1a7f37; --bad: #cf222e; --card: #f6f8fa; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9198a1; --line: #3d444d; --good: #3fb950; --bad: #ff7b72; --card: #151b23; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.25rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
.soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); }
.numbers { display: flex; flex-wrap: wrap; gap: .75rem; margin: .75rem 0; }
.number { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .5rem .9rem; min-width: 8.5rem; }
.number b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; } .scroll { overflow-x: auto; }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th { color: var(--soft); font-weight: 600; }
svg { display: block; width: 100%; height: 9rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
svg .answered { fill: none; stroke: var(--good); stroke-width: 2; } svg .refused { fill: none; stroke: var(--bad); stroke-width: 2; stroke-dasharray: 5 3; }
.bar { width: 10rem; height: .6rem; } meter { width: 10rem; }
:focus-visible { outline: 3px solid var(--good); outline-offset: 2px; }
[hidden] { display: none; }
input, button { font: inherit; padding: .35rem .6rem; }
`;
