// How a drill's report looks, on a screen and on paper. The hash lets exactly this style through the page's own content
// security policy; a test works it out anew.

export const DRILL_STYLE_HASH = "sha256-EWaoVBbabmGx8+mA3NDbCweyKgwdNWtTykW8ikPe2Kk=";

export const DRILL_STYLE = `:root { --good: #1a7f37; --bad: #a4161a; --wait: #9a6700; --none: #6e7781; --line: #8884; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 72rem; padding: 0 1rem 2rem; }
header { border-left: .5rem solid var(--none); padding: .1rem 0 .1rem 1.1rem; margin: 1.5rem 0; }
header.passed { border-color: var(--good); } header.failed { border-color: var(--bad); } header.inconclusive, header.aborted { border-color: var(--wait); }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .1rem 0 .4rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; } p { margin: .2rem 0; }
.outcome strong { text-transform: uppercase; letter-spacing: .05em; } .passed .outcome strong { color: var(--good); } .failed .outcome strong { color: var(--bad); }
.inconclusive .outcome strong, .aborted .outcome strong { color: var(--wait); } .caveat { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .8rem 0 .4rem; } dt, small, footer { color: var(--none); } dd { margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .8rem; } .card { border: 1px solid var(--line); border-top: .25rem solid var(--none); padding: .5rem .8rem; }
.card p { color: var(--none); } .card .value { color: inherit; font-size: 1.5rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
.card.within { border-top-color: var(--good); } .card.over { border-top-color: var(--bad); } .card.open { border-top-color: var(--wait); }
.wide { overflow-x: auto; } .wide svg { max-width: 100%; height: auto; min-width: 44rem; display: block; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th { color: var(--none); font-weight: 500; } tbody th { font-weight: 500; white-space: normal; } small { font-weight: 400; }
.within .held { color: var(--good); } .over .held { color: var(--bad); font-weight: 700; } .open .held { color: var(--wait); }
ul { padding-left: 1.2rem; margin: .2rem 0; } code { font-size: .9em; } footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .6rem; font-size: .9em; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff6b6b; --wait: #d29922; --none: #8b949e; } }
@media print { @page { size: A4 landscape; margin: 12mm; } :root { font-size: 11px; } body { max-width: none; padding: 0; } section, tr, svg { break-inside: avoid; } h2 { break-after: avoid; } .wide { overflow: visible; } .wide svg { min-width: 0; width: 100%; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
