/** The style of the page: for dark and light schemes, small screens and paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1c2430; --dim: #5a6675; --page: #f6f7f9; --card: #ffffff; --line: #d9dee5; --soft: #eef1f5;
  --accent: #2457c5; --ok: #1a7f4b; --warning: #9a5b00; --failed: #c0262d; --carry: #2457c5; --rest: #aab6c6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e9f0; --dim: #9aa7b8; --page: #12161c; --card: #1a2029; --line: #313a47; --soft: #232b36;
    --accent: #85adff; --ok: #5fd296; --warning: #f0b35a; --failed: #ff8087; --carry: #85adff; --rest: #4c5a6d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 36px 0 12px; overflow-wrap: anywhere; }
h3 { font-size: 16px; margin: 0 0 10px; }
p { margin: 0 0 12px; }
code { font: 13px/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.sub, .note, .empty, .legend, footer { color: var(--dim); }
.note, .legend { font-size: 13px; }
footer { padding-top: 28px; padding-bottom: 40px; font-size: 13px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 14px 0 0; }
section.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px; margin: 0 0 16px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; margin: 0 0 16px; padding: 0; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
.figures dt { color: var(--dim); font-size: 13px; }
.figures dd { margin: 0; font-size: 22px; font-weight: 600; line-height: 1.3; }
.figures dd small { display: block; font-size: 13px; font-weight: 400; color: var(--dim); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 16px; margin-bottom: 16px; }
.columns section.card { margin: 0; min-width: 0; }
.scroll { overflow: auto; max-height: 460px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--dim); font-size: 13px; white-space: nowrap; }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child > td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
.scroll thead th { position: sticky; top: 0; background: var(--card); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.status { font-weight: 600; white-space: nowrap; }
.status.ok { color: var(--ok); } .status.warning { color: var(--warning); } .status.failed { color: var(--failed); }
.next { color: var(--dim); } .next::before { content: "→ "; }
.message { overflow-wrap: break-word; } .subject { overflow-wrap: anywhere; min-width: 7em; }
h4 { font-size: 14px; margin: 18px 0 6px; }
.bar { width: 90px; height: 8px; display: block; margin-top: 7px; }
.bar .all { fill: var(--rest); } .bar .carry, .trend .carry { fill: var(--carry); }
.trend { display: block; width: 100%; height: auto; }
.trend .all { fill: var(--rest); } .trend .part { opacity: .55; }
.trend text { fill: var(--dim); font: 11px system-ui, "DejaVu Sans", sans-serif; }
.trend line { stroke: var(--line); }
.filters { display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: end; margin: 0 0 14px; }
.filters label { font-size: 13px; color: var(--dim); display: grid; gap: 3px; }
input, select, button { font: inherit; font-size: 14px; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 5px 9px; }
select { max-width: 220px; }
button { cursor: pointer; background: var(--soft); }
output { font-size: 13px; color: var(--dim); padding-bottom: 6px; }
.drawing { overflow: auto; max-height: 620px; border: 1px solid var(--line); border-radius: 8px; background: var(--page); margin-bottom: 8px; }
.drawing svg { display: block; margin: 0 auto; }
.drawing svg.fits { max-width: 100%; height: auto; }
.table rect { fill: var(--card); stroke: var(--rest); }
.table text { fill: var(--text); font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; text-anchor: middle; }
.table[role=button] { cursor: pointer; }
.table:hover rect, .table:focus-visible rect { stroke: var(--accent); stroke-width: 2; }
.table:focus-visible { outline: none; }
.edge { fill: none; stroke: var(--carry); opacity: .75; }
.edge:hover { opacity: 1; }
.edge.renamed, .edge.attached { stroke: var(--dim); stroke-dasharray: 5 4; }
.head { fill: var(--carry); }
.off { opacity: .1 !important; }
.key { display: inline-block; width: 26px; border-top: 2px solid var(--carry); vertical-align: middle; margin: 0 4px 0 14px; }
.key:first-child { margin-left: 0; } .key.renamed { border-top: 2px dashed var(--dim); }
ul.plain { list-style: none; padding: 0; margin: 0 0 12px; font-size: 14px; } ul.plain li { margin: 0 0 10px; } ul.plain li:last-child { margin: 0; }
details summary { cursor: pointer; color: var(--dim); font-size: 13px; margin-top: 8px; }
@media screen and (max-width: 760px) {
  section.card { padding: 14px; }
  section.card.long { overflow-x: auto; }
  .long table { min-width: 680px; }
  .drawing svg.fits { max-width: none; }
}
@media print {
  :root { --text: #000; --dim: #444; --page: #fff; --card: #fff; --line: #bbb; --soft: #fff; --accent: #000; --ok: #000; --warning: #000; --failed: #000; --carry: #234; --rest: #aaa; }
  body { font-size: 11px; }
  nav, .filters, details { display: none; }
  section.card, .figures div { break-inside: avoid; border-color: #bbb; }
  section.card.long { break-inside: auto; }
  .scroll, .drawing { overflow: visible; max-height: none; }
  .drawing svg { max-width: 100%; height: auto; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
  table, th, code, .note, .legend, ul.plain, footer { font-size: 10px; }
  h1 { font-size: 20px; } h2 { font-size: 15px; margin-top: 20px; } h3 { font-size: 13px; } h4 { font-size: 12px; }
  .figures { grid-template-columns: repeat(5, 1fr); } .figures dd { font-size: 16px; } .figures dt, .figures dd small { font-size: 10px; }
  section.card { padding: 12px 14px; }
}
`;
