import { style } from '../../profile/page/style.ts';

/** What the page of drift has beside {@link style}. */
export const driftStyle = `${style}
:root{--now:#d4691e;--was:#a3b0bc;--good:#2c8a57;--warn:#b7791f}
@media(prefers-color-scheme:dark){:root{--now:#f0964b;--was:#5d6b78;--good:#56bd85;--warn:#e2a94a}}
.against{margin:0;color:var(--soft)}
.verdict{display:inline-flex;align-items:center;gap:10px;margin:14px 0 0;font-size:1.05rem}
.verdict strong{padding:2px 12px;border-radius:14px;color:#fff;background:var(--soft);text-transform:uppercase;font-size:.8rem;letter-spacing:.06em}
.verdict.fail strong{background:var(--gone)}.verdict.warn strong{background:var(--warn)}.verdict.pass strong{background:var(--good)}
.found{padding:0;margin:0;list-style:none}.found li{padding:3px 0 3px 18px;position:relative;overflow-wrap:anywhere}
.found li:before{content:"";position:absolute;left:0;top:.75em;width:9px;height:9px;border-radius:5px;background:var(--was)}
.found li.high:before,.found li.critical:before{background:var(--gone)}.found li.medium:before,.found li.low:before{background:var(--warn)}
.columns{width:100%;background:var(--card);border:1px solid var(--line);border-radius:10px;border-collapse:separate;border-spacing:0;overflow:hidden}
.columns th,.columns td{padding:7px 12px;border-bottom:1px solid var(--line);vertical-align:middle}
.columns tbody tr:last-child>*{border-bottom:0}
.columns thead th{font-size:.82rem;color:var(--soft);white-space:nowrap}
.columns tbody th{font-weight:600;overflow-wrap:anywhere;max-width:300px}.columns tbody th small,.columns tbody th i{font-weight:400}
.columns a{color:inherit;text-decoration-color:var(--was)}
.columns td.number{font-variant-numeric:tabular-nums}.test{white-space:nowrap}
.change{white-space:nowrap;min-width:190px}
.gauge{display:inline-block;vertical-align:middle;width:88px;height:10px;margin-right:10px;border-radius:5px;overflow:hidden;position:relative;background:var(--line)}
.gauge b{display:block;height:100%;background:var(--was)}.gauge:after{content:"";position:absolute;left:25%;top:0;bottom:0;width:2px;background:var(--ink)}
.drifted .gauge b{background:var(--now)}.small .gauge b{background:var(--warn)}
.standing{display:inline-block;padding:1px 10px;border-radius:10px;font-size:.82rem;border:1px solid var(--line);color:var(--soft);white-space:nowrap}
.standing.drifted{background:var(--gone);border-color:var(--gone);color:#fff;font-weight:600}.standing.small{border-color:var(--warn);color:var(--warn)}
.legend{display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;margin:0 0 10px}.legend .note{margin:0 0 0 14px}
.key{width:14px;height:12px;border-radius:2px;background:var(--was)}.key.current{background:color-mix(in srgb,var(--now) 30%,transparent);border:2px solid var(--now);margin-left:14px}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px}
.figures figure{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 16px 12px;break-inside:avoid}
.figures figure:target{border-color:var(--now)}
.figures figcaption{color:var(--ink);font-weight:650;font-size:.95rem;margin-bottom:6px;overflow-wrap:anywhere}
svg.drift{display:block;width:100%}svg.drift text{font-size:12px}
.drift .reference{fill:var(--was)}.drift rect.current{fill:var(--now)}.drift path.current{fill:var(--now);stroke:var(--now)}
@media(max-width:680px){body{padding:20px 14px 40px}.columns thead{display:none}.columns tr{display:grid;grid-template-columns:1fr auto;gap:2px 10px;padding:9px 12px;border-bottom:1px solid var(--line)}.columns tbody tr:last-child{border-bottom:0}.columns th,.columns td{padding:0;border:0}.columns tbody th{grid-area:1/1}.columns td:last-child{grid-area:1/2}.columns .test{grid-area:2/1;white-space:normal;font-size:.88rem}.columns td.number{grid-area:2/2;font-size:.88rem}.columns td.number:not(:empty):before{content:"p ";color:var(--soft)}.columns .change{grid-area:3/1/4/3;min-width:0}.cards{grid-template-columns:1fr 1fr;gap:8px}.card{padding:10px 12px}.card strong{font-size:1.3rem}.origin th,.origin td{display:block;white-space:normal}.origin td{padding-bottom:6px}}
@media print{.gauge b,.standing,.verdict strong,.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();
