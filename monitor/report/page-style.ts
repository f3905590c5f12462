// How the status page looks: on a phone and a wide screen, by day and by night, on paper, and without colours. States differ in
// shape as well: a filled dot, a ring, a square, hatching.

import { textFingerprint } from "../topology/fingerprint.ts";

export const PAGE_STYLE = `:root { --good: #1a7f37; --bad: #c1121f; --wait: #8a5a00; --none: #59636e; --line: #8884; --bar: #4aa564; --heat: #0969da; --soft: #8881; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 3rem; overflow-wrap: break-word; }
header { border-left: .4rem solid var(--none); padding: .2rem 0 .2rem 1rem; margin: 1.5rem 0; }
header.conforms { border-color: var(--good); } header.deviates { border-color: var(--bad); } header.converging { border-color: var(--wait); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .2rem 0; } time { white-space: nowrap; } h2 { font-size: 1.05rem; margin: 2rem 0 .4rem; } p { margin: .2rem 0; }
.name { font-weight: 600; } .name span, footer, small, time, .when, .key { color: var(--none); font-weight: 400; }
a { color: inherit; } footer { margin-top: 2rem; } nav a { margin-right: .7rem; } code { font: .93em ui-monospace, monospace; background: var(--soft); padding: .05rem .3rem; border-radius: .2rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-variant-numeric: tabular-nums; }
thead th { color: var(--none); font-weight: 500; white-space: nowrap; } tbody th { font-weight: 500; } em { color: var(--good); font-style: normal; font-size: .85em; }
.mark { font-weight: 600; color: var(--none); } .mark::before { content: "\\25CB\\00a0"; }
.mark.healthy, .mark.conforms { color: var(--good); } .mark.unhealthy, .mark.deviates, .mark.down { color: var(--bad); } .mark.converging { color: var(--wait); }
.mark.healthy::before, .mark.conforms::before { content: "\\25CF\\00a0"; } .mark.unhealthy::before, .mark.deviates::before, .mark.down::before { content: "\\25A0\\00a0"; } .mark.converging::before { content: "\\25D0\\00a0"; }
ol.troubles, ul.rows { list-style: none; padding: 0; margin: .6rem 0 0; } ul.rows li { border-bottom: 1px solid var(--line); padding: .4rem 0; } ul.rows li:target { background: var(--soft); }
.troubles li { border: 1px solid var(--line); border-left: .2rem solid var(--none); border-radius: .2rem; padding: .5rem .8rem; margin: .5rem 0; max-width: 62rem; } .troubles li.deviates { border-left-color: var(--bad); } .troubles li.converging { border-left-color: var(--wait); }
.matrix td, .matrix thead th + th { padding-left: .5rem; } .matrix td { border-left: 2px solid Canvas; white-space: nowrap; }
.s1 { background: color-mix(in srgb, var(--heat) 7%, transparent); } .s2 { background: color-mix(in srgb, var(--heat) 14%, transparent); } .s3 { background: color-mix(in srgb, var(--heat) 22%, transparent); }
.s4 { background: color-mix(in srgb, var(--heat) 32%, transparent); } .s5 { background: color-mix(in srgb, var(--heat) 44%, transparent); } td.down { background: color-mix(in srgb, var(--bad) 12%, transparent); }
td.missed, td.unknown { background: repeating-linear-gradient(135deg, var(--line) 0 1px, transparent 1px 6px); }
.bars { table-layout: fixed; } .bars td, .bars thead th + th { padding: .2rem 1px; } .bars th:first-child { width: 10.5rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bars td:last-child, .bars thead th:last-child { padding-left: .6rem; width: 5.2rem; white-space: nowrap; }
.bars thead span { display: block; width: 0; overflow: visible; } .unseen { clip-path: inset(50%); height: 1px; overflow: hidden; }
.bars td > b, .key b { display: block; height: 1.7rem; overflow: hidden; text-indent: 200%; white-space: nowrap; font-weight: 400; border-radius: 1px;
background: linear-gradient(var(--bad) 0 0) bottom / 100% var(--d, 0%) no-repeat, repeating-linear-gradient(135deg, var(--none) 0 1.2px, transparent 1.2px 5px) top / 100% var(--u, 0%) no-repeat, linear-gradient(Canvas 0 0) top / 100% var(--u, 0%) no-repeat, repeating-linear-gradient(var(--heat) 0 2px, Canvas 2px 4px) top / 100% calc(var(--u, 0%) + var(--m, 0%)) no-repeat, var(--bar); }
${steps("d")}
${steps("u")}
${steps("m")}
.key span { display: inline-block; width: .6rem; vertical-align: middle; } .key span b { height: 1rem; } .key span + span { margin-left: .8rem; }
.u10 > b { outline: 1px solid var(--line); outline-offset: -1px; }
.lanes { table-layout: fixed; } .lanes th:first-child { width: 10.5rem; } .lanes tbody th { padding-top: .15rem; padding-bottom: .15rem; line-height: 22px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lanes td { padding: .15rem 0; background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px calc(100% / 6)); } .lanes thead th + th { padding-right: 0; }
.ticks { display: grid; grid-template-columns: repeat(6, 1fr); font-weight: 400; } .lane { display: block; } .lane text { font-size: 11px; fill: #111; }
.legend, .legend span { color: var(--none); } .legend > span { display: inline-block; margin-right: .8rem; } .legend .lane { display: inline-block; vertical-align: middle; }
.lane .healthy { fill: var(--bar); } .lane .unhealthy, .lane .deviates { fill: var(--bad); } .lane .converging { fill: var(--wait); } .lane .several { fill: #ccc; }
.lane .region-0 { fill: #9ec5f8; } .lane .region-1 { fill: #f3cf7a; } .lane .region-2 { fill: #d9b8f0; } .lane .region-3 { fill: #9fdcc4; } .lane .region-4 { fill: #f5b5a3; } .lane .region-5 { fill: #d5d78c; }
main.stale { filter: grayscale(1); }
@media (max-width: 40rem) { .plain { font-size: .87rem; } .plain thead th { white-space: normal; } h1 { font-size: 1.3rem; } th, td { padding-right: .5rem; } .lanes th:first-child { width: 6.5rem; } .lanes tbody th, .ticks { font-size: .8rem; } .lanes tbody th { line-height: 1.2; white-space: normal; } .bars th:first-child { width: 6rem; white-space: normal; font-size: .87rem; } .bars td:last-child, .bars thead th:last-child { width: 4.6rem; padding-left: .3rem; padding-right: 0; } }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff6b6b; --wait: #d29922; --none: #9aa4ae; --bar: #2f8046; --heat: #58a6ff; } }
@media (forced-colors: active) { .bars td > b, .key b { text-indent: 0; font-size: .5rem; } .mark { forced-color-adjust: none; } }
@media print { body { max-width: none; } details::details-content { content-visibility: visible; block-size: auto; } }
`;

/** Another style is another address: a browser that kept the one before would draw a new page with it for as long as that may be kept. */
export const STYLE_PATH = `/page.css?v=${textFingerprint(PAGE_STYLE)}`;

/** Tenths of a bar. */
function steps(name: "d" | "u" | "m"): string {
  return Array.from({ length: 10 }, (_, index) => `.${name}${index + 1} > b { --${name}: ${(index + 1) * 10}%; }`).join(
    " ",
  );
}
