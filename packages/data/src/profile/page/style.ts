/** Light and dark, on a screen and on paper, without a font or a picture from elsewhere. */
export const style = `
:root{color-scheme:light dark;--paper:#fbfcfd;--card:#fff;--ink:#17202a;--soft:#5b6875;--line:#dde3e9;--bar:#2f7f9e;--mark:#d9822b;--gone:#c2493d;--above:#1f77a8;--below:#d4691e;--chip:#e8f1f5}
@media(prefers-color-scheme:dark){:root{--paper:#11161b;--card:#182028;--ink:#e4eaf0;--soft:#97a5b3;--line:#2b3640;--bar:#4fa3c4;--mark:#f0a04b;--gone:#e0665a;--above:#3f9fd4;--below:#e8873a;--chip:#22313b}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:28px 24px 60px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 6px;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:36px 0 10px}
a{color:var(--above)}small,.note,figcaption,caption{color:var(--soft);font-size:.85rem}.note{margin:6px 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:12px;margin:18px 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px;display:flex;flex-direction:column}
.card span{color:var(--soft);font-size:.85rem}.card strong{font-size:1.6rem;line-height:1.25;font-variant-numeric:tabular-nums}
.alert{border-left:4px solid var(--gone);background:var(--card);padding:8px 14px;margin:12px 0}
.remarks{padding:0;margin:0;list-style:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:6px 20px}
.remarks li{padding-left:16px;position:relative}.remarks li:before{content:"";position:absolute;left:0;top:.5em;width:8px;height:8px;border-radius:4px;background:var(--bar)}.remarks li.low:before{background:var(--mark)}.remarks a{font-weight:600}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:2px 10px 2px 0;text-align:left;vertical-align:top;font-weight:400}
.plain th{color:var(--soft);white-space:nowrap}.number{text-align:right;white-space:nowrap}.plain caption,.top caption{text-align:left;padding-bottom:4px}
.origin code{overflow-wrap:anywhere;font-size:.85rem}
.top{width:100%;max-width:420px;font-size:.9rem}.top.wide{max-width:680px}.top td:first-child{max-width:190px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.bar{width:40%;padding-right:10px}.bar b{display:block;height:12px;margin-top:5px;min-width:1px;background:var(--bar);border-radius:0 3px 3px 0;print-color-adjust:exact;-webkit-print-color-adjust:exact}.bar.gone{background:linear-gradient(var(--line),var(--line)) 0 11px/calc(100% - 10px) 1px no-repeat}.bar.gone b{background:var(--gone)}
details.column{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:10px 0;break-inside:avoid}
details.column:target{border-color:var(--bar)}
summary{cursor:pointer}.column>summary{display:flex;align-items:center;gap:10px;padding:9px 14px;list-style:none}.column>summary::-webkit-details-marker{display:none}
.column>summary:before{content:"›";color:var(--soft);width:.6em;transition:transform .1s}.column[open]>summary:before{transform:rotate(90deg)}
.name{font-weight:650;overflow-wrap:anywhere}.chip{font-size:.78rem;padding:1px 8px;border-radius:9px;border:1px solid var(--line);color:var(--soft);white-space:nowrap}.chip.meaning{background:var(--chip);border-color:transparent;color:var(--ink)}
.facts{margin-left:auto;display:flex;gap:14px;color:var(--soft);font-size:.85rem;white-space:nowrap}.facts .gone{color:var(--gone)}
.body{display:grid;grid-template-columns:minmax(0,1.05fr) minmax(0,1fr);gap:24px;padding:6px 18px 18px;border-top:1px solid var(--line)}
.pictures{padding-top:8px;display:flex;flex-direction:column;gap:12px}.tables{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:6px 22px;font-size:.87rem;padding-top:8px;align-content:start;align-items:start}.tables table:first-child{grid-column:1/-1}
svg text{fill:var(--soft);font-size:10px}.histogram{width:100%;max-width:440px;display:block}.bars rect{fill:var(--bar)}.axis{stroke:var(--line);fill:none}.quartiles{fill:var(--mark)}.sparkline{width:80px;height:20px;flex:none}.sparkline path{stroke:var(--bar);fill:none}
figure{margin:0}
.pair{display:flex;flex-wrap:wrap;gap:24px;align-items:flex-start}.heat{flex:1 1 420px;min-width:0}.heat text{font-size:11px}.heat .inside{fill:var(--ink);font-size:9.5px;text-anchor:middle}.heat .cell{fill:var(--card);stroke:var(--line)}.heat .above{fill:var(--above)}.heat .below{fill:var(--below)}.heat .same{fill:var(--line)}.heat .none{fill:none}
.index{margin:12px 0}.index ul{columns:240px;padding-left:18px}
@media(max-width:760px){.body{grid-template-columns:1fr}.facts{display:none}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--bar:#2f7f9e;--chip:#eee}body{max-width:none;padding:0;font-size:11px}.index{display:none}.column>summary:before{display:none}a{color:inherit;text-decoration:none}.column::details-content{content-visibility:visible}svg,.bars rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}h2{break-after:avoid}}
`.trim();
