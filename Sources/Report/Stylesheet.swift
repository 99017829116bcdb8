/// How the page looks: light or dark as the reader's system is, on screens of any width, and on paper.
let stylesheet = """
  :root {
    color-scheme: light dark;
    --paper: #ffffff; --panel: #f4f6f8; --ink: #1f2933; --faint: #56616c; --grid: #d9dee3;
    --line: #c3cad1; --link: #005a8f;
    --series-1: #0072b2; --series-2: #b34a00; --series-3: #007a59; --series-4: #8a4f7d;
    --certified: #00684a; --refuted: #a11d12; --undecided: #7a5200; --rejected: #4a545e;
    --on-badge: #ffffff; --taken: #d58a4a; --left: #2f9a78;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --paper: #14181d; --panel: #1d242b; --ink: #e6eaee; --faint: #a8b3bd; --grid: #343d46;
      --line: #48535e; --link: #7cc4f0;
      --series-1: #56b4e9; --series-2: #f0a35e; --series-3: #3fc79a; --series-4: #dda0cd;
      --certified: #5fd3a8; --refuted: #ff9d8f; --undecided: #f2c365; --rejected: #b7c0c8;
      --on-badge: #14181d; --taken: #c77a3c; --left: #3aa886;
    }
  }
  * { box-sizing: border-box; }
  body {
    margin: 0; background: var(--paper); color: var(--ink);
    font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
  }
  header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
  header { padding-top: 28px; }
  h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .4rem; }
  h2 { font-size: 1.3rem; line-height: 1.3; margin: 0 0 .3rem; overflow-wrap: anywhere; }
  h3 { font-size: 1.02rem; margin: 1.6rem 0 .5rem; }
  p { margin: .4rem 0; max-width: 46rem; }
  a { color: var(--link); }
  a:focus-visible, summary:focus-visible, .scroll:focus-visible {
    outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px;
  }
  .skip { position: absolute; left: -999px; }
  .skip:focus { left: 20px; top: 8px; background: var(--paper); padding: 6px 10px; }
  .faint { color: var(--faint); }
  .small { font-size: .875rem; }
  code, .mono { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
  .counts { display: flex; flex-wrap: wrap; gap: 10px; list-style: none; padding: 0; margin: 1rem 0; }
  .counts li { background: var(--panel); border-radius: 8px; padding: 8px 14px; }
  .counts strong { font-size: 1.3rem; margin-right: .35em; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-size: .92rem; }
  caption { text-align: left; color: var(--faint); padding-bottom: .4rem; }
  th, td { text-align: left; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  th { font-weight: 600; white-space: nowrap; }
  td.path { overflow-wrap: anywhere; min-width: 11rem; }
  td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .badge {
    display: inline-block; border-radius: 999px; padding: 1px 11px; font-size: .85rem; font-weight: 650;
    color: var(--on-badge); background: var(--rejected); white-space: nowrap;
  }
  .badge.certified { background: var(--certified); }
  .badge.refuted { background: var(--refuted); }
  .badge.undecided { background: var(--undecided); }
  section.model {
    border-top: 2px solid var(--line); margin-top: 2.6rem; padding-top: 1.4rem;
    content-visibility: auto; contain-intrinsic-size: auto 1600px;
  }
  .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 16px; margin: 1rem 0; }
  .card { background: var(--panel); border-radius: 10px; padding: 14px 18px; border-left: 5px solid var(--rejected); }
  .card.certified { border-left-color: var(--certified); }
  .card.refuted { border-left-color: var(--refuted); }
  .card.undecided { border-left-color: var(--undecided); }
  .card h3 { margin: 0 0 .35rem; display: flex; gap: .6em; align-items: center; flex-wrap: wrap; }
  .card .bound { font-size: 1.35rem; font-weight: 600; margin: .2rem 0; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: .5rem 0 0; font-size: .92rem; }
  dt { color: var(--faint); }
  dd { margin: 0; overflow-wrap: anywhere; }
  ul.tree, ul.tree ul { list-style: none; margin: 0; padding-left: 0; }
  ul.tree ul { padding-left: 22px; border-left: 1px solid var(--line); margin-left: 7px; }
  .node { padding: 3px 0; display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: center; }
  .node .rule { font-weight: 600; }
  .bar { display: inline-flex; width: 130px; height: 11px; background: var(--grid); border-radius: 3px; overflow: hidden; }
  .bar .left { background: var(--left); }
  .bar .taken { background: var(--taken); }
  .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); gap: 22px; align-items: start; }
  figure { margin: 0; min-width: 0; }
  figure h4 { margin: 0 0 .35rem; font-size: .98rem; }
  figure svg { display: block; width: 100%; height: auto; }
  figcaption { font-size: .875rem; color: var(--faint); margin-top: .3rem; }
  svg text { font-family: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
  details { margin: 1rem 0; }
  summary { cursor: pointer; color: var(--link); }
  pre { background: var(--panel); padding: 12px; border-radius: 8px; overflow-x: auto; font-size: .82rem; margin: .5rem 0; }
  footer { border-top: 2px solid var(--line); margin-top: 3rem; padding-top: 1.2rem; padding-bottom: 3rem; font-size: .92rem; }
  footer dl { display: block; }
  footer dt { color: var(--ink); font-weight: 600; margin-top: .6rem; }
  @media (max-width: 520px) {
    header, main, footer { padding-left: 14px; padding-right: 14px; }
    h1 { font-size: 1.45rem; }
    dl { grid-template-columns: 1fr; gap: 0; }
    dt { margin-top: .35rem; }
  }
  @media print {
    :root {
      --paper: #ffffff; --panel: #f4f6f8; --ink: #000000; --faint: #444444; --grid: #d9dee3; --line: #999999;
      --link: #000000; --series-1: #0072b2; --series-2: #b34a00; --series-3: #007a59; --series-4: #8a4f7d;
      --certified: #00684a; --refuted: #a11d12; --undecided: #7a5200; --rejected: #4a545e; --on-badge: #ffffff;
    }
    body { font-size: 11pt; }
    * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    figure, .card, tr { break-inside: avoid; }
    h2, h3 { break-after: avoid; }
    section.model { break-before: page; content-visibility: visible; }
    .skip, .top { display: none; }
    header, main, footer { max-width: none; padding: 0; }
  }
  """
