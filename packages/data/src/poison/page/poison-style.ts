/** What pictures of triggers need beside the styles of a profile and of coverage. */
export const poisonStyle = `
.drawings{display:flex;flex-wrap:wrap;gap:14px 16px;margin:10px 0}
.drawings figure{width:132px}.drawings img{display:block;width:132px;height:132px;object-fit:contain;image-rendering:pixelated;background:var(--card);border:1px solid var(--line);border-radius:6px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.drawings figcaption{margin-top:4px;overflow-wrap:anywhere;line-height:1.3}
.along{width:100%;max-width:640px;height:90px;display:block}.along rect{fill:var(--gone)}.along path{stroke:var(--line);fill:none}
.trigger{break-inside:avoid}
`.trim();
