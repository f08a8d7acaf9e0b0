/** What pictures of coverage need beside the style of a profile. */
export const coverageStyle = `
h3{font-size:1rem;margin:18px 0 4px;overflow-wrap:anywhere}
.verdict{display:inline-block;padding:3px 12px;border-radius:12px;font-weight:600;color:#fff;background:#5b6875}.verdict.pass{background:#2c7a4b}.verdict.warn{background:#a86412}.verdict.fail{background:#b23a30}
.tracks{list-style:none;margin:8px 0;padding:0;display:grid;gap:7px;max-width:900px}
.track{display:grid;grid-template-columns:minmax(0,15rem) minmax(0,1fr) 8.5rem;gap:2px 12px;align-items:center;font-variant-numeric:tabular-nums}
.what{overflow-wrap:anywhere;line-height:1.25;font-size:.92rem}.way{position:relative;height:16px;background:var(--track);border-radius:3px;overflow:hidden}
.way b{display:block;height:100%;background:var(--bar);border-radius:3px 0 0 3px;print-color-adjust:exact;-webkit-print-color-adjust:exact}.way i{position:absolute;top:0;bottom:0;width:2px;margin-left:-1px;background:var(--ink)}
.track.on .way b{background:linear-gradient(90deg,var(--bar) 78%,color-mix(in srgb,var(--bar) 25%,transparent))}
.track.short .way b{background:var(--gone)}.track.short .much strong{color:var(--gone)}.track.short .way{background:color-mix(in srgb,var(--gone) 16%,transparent)}
.much{white-space:nowrap}.much strong{font-weight:600}.more{grid-column:2/-1;overflow-wrap:anywhere}
:root{--track:#eaeff3}@media(prefers-color-scheme:dark){:root{--track:#232e38}}
.maps{display:flex;flex-wrap:wrap;gap:4px 44px}.slice{min-width:0;max-width:100%}.slice.whole{flex:1 1 100%}
.scroll{overflow-x:auto;max-width:100%}.map{display:block;margin:6px 0}.map text{font-size:11.5px;fill:var(--ink)}.map g text{text-anchor:middle;font-size:11px;font-variant-numeric:tabular-nums}
.few rect{fill:var(--gone)}.enough rect{fill:var(--bar)}.none text{font-weight:700}
.key{display:inline-block;width:11px;height:11px;border-radius:2px;vertical-align:-1px}.key.few{background:color-mix(in srgb,var(--gone) 60%,transparent)}.key.enough{background:color-mix(in srgb,var(--bar) 40%,transparent)}.key.table{background:var(--bar)}.key.usual{background:var(--soft);opacity:.6}
.ranges{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:10px 36px}.range svg{width:100%;max-width:520px;display:block}.range .gap{fill-opacity:.16}.range .least{stroke:var(--ink);stroke-dasharray:4 3;fill:none;stroke-width:1.2}.range .count,.range .edge{text-anchor:middle}.range .few .count{fill:var(--gone);font-weight:700}
.distances{width:100%;max-width:500px;display:block}.distances .usual{fill:var(--soft);fill-opacity:.35}.distances .table{fill:var(--bar);fill-opacity:.5}.distances .middle{fill:none;stroke-width:2}.distances .middle.usual{stroke:var(--soft)}.distances .middle.table{stroke:var(--bar)}
.remarks.one{grid-template-columns:1fr}.remarks li{overflow-wrap:anywhere}.remarks li.high:before{background:var(--gone)}.remarks li.medium:before{background:var(--mark)}.remarks li.info:before{background:var(--soft);opacity:.5}
@media(max-width:620px){body{padding:18px 14px 40px}.track{grid-template-columns:minmax(0,1fr) 7.5rem}.what{grid-column:1/-1}.more{grid-column:1/-1}.tracks{gap:12px}.much{white-space:normal}}
@media print{.scroll{overflow:visible}.map{max-width:100%;height:auto}.tracks,.slice,.range{break-inside:avoid}}
`.trim();
