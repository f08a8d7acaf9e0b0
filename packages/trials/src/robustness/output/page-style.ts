/** How the page looks: light and dark as the reader's system is, from 360 pixels to any width, and on paper. */
export const pageStyle = `
:root{color-scheme:light dark;--ground:#fbfbfa;--card:#fff;--text:#1c1e22;--soft:#5d636e;--line:#e2e3e0;--main:#1f6f8b;--main-soft:#1f6f8b26;--clean:#b9c3cc;--bad:#b3402a;--warn:#8a5a00}
@media (prefers-color-scheme:dark){:root{--ground:#121418;--card:#1a1d23;--text:#e7e8ea;--soft:#a2a8b3;--line:#31353d;--main:#6cc1dd;--main-soft:#6cc1dd2e;--clean:#56606b;--bad:#ff8f70;--warn:#e6b450}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0 0 12px}
p{margin:0 0 12px}
.soft{color:var(--soft);font-size:.9rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin-top:16px;min-width:0}
.verdict{display:inline-block;border:1.5px solid currentColor;border-radius:99px;padding:1px 12px;font-weight:600;margin:8px 0 0}
.pass{color:var(--soft)}.warn,.unknown{color:var(--warn)}.fail{color:var(--bad)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:16px}
.numbers b{display:block;font-size:1.75rem;line-height:1.2;font-variant-numeric:tabular-nums}
.two{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:16px}
.plot{display:grid;grid-template-columns:3.2rem minmax(0,1fr);grid-template-rows:clamp(180px,26vw,280px) 1.6rem;padding-right:1.4rem}
.plot svg{width:100%;height:100%;overflow:visible}
.plot .grid,.plot .own,.plot .curve{vector-effect:non-scaling-stroke;fill:none}
.plot .grid{stroke:var(--line)}.plot .own{stroke:var(--soft);stroke-dasharray:4 4}.plot .curve{stroke:var(--main);stroke-width:2.5}
.plot .band{fill:var(--main-soft)}
.axis{color:var(--soft);font-size:.8rem;font-variant-numeric:tabular-nums}
.up{display:flex;flex-direction:column;justify-content:space-between;text-align:right;padding-right:8px;margin:-.6rem 0}
.along{grid-column:2;position:relative}
.along span{position:absolute;transform:translateX(-50%);top:4px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:4px 0 4px 12px;border-top:1px solid var(--line);font-weight:400}
th:first-child,td:first-child{text-align:left;padding-left:0;overflow-wrap:anywhere}
thead th{border-top:0;color:var(--soft);font-size:.85rem}
.bars{display:grid;grid-template-columns:max-content minmax(0,1fr) max-content;gap:6px 10px;align-items:center;font-variant-numeric:tabular-nums}
.bars .name{max-width:9rem;overflow-wrap:anywhere}
.bar{position:relative;height:16px;background:var(--line);border-radius:3px;overflow:hidden}
.bar i{position:absolute;inset:0 auto 0 0;background:var(--clean)}.bar i+i{background:var(--main)}
.key{display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:12px}.key i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px}
ul{list-style:none;margin:0;padding:0}li{padding:8px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}li:first-child{border-top:0;padding-top:0}
.severity{font-weight:600}.high,.critical{color:var(--bad)}.medium{color:var(--warn)}
.sheet{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:16px}
@media (min-width:760px){.sheet{grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:20px}}
figure{margin:0;min-width:0}.three{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:4px}
.three img{display:block;width:100%;image-rendering:pixelated;border-radius:3px;outline:1px solid var(--line)}
figcaption{display:flex;justify-content:space-between;font-size:.85rem;padding-top:4px}
figcaption span:nth-child(2){color:var(--soft)}figcaption span:last-child{color:var(--bad)}
figcaption span{flex:1;text-align:center;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin:0;font-size:.9rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;font-family:ui-monospace,monospace}
@media (max-width:760px){.two{grid-template-columns:minmax(0,1fr);gap:0}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:8px}}
@media print{.card{break-inside:avoid}}
`;
