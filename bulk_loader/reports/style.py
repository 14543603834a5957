"""How a page looks: by day, by night, on a phone and on paper."""

from __future__ import annotations

from typing import Final

_BY_DAY: Final = """\
--paper:#fff;--panel:#f3f5f8;--ink:#1d2430;--soft:#566072;--line:#d3d8e0;--link:#1a56a8;
--good:#1f7a4d;--open:#9a5b00;--stopped:#b3261e;--accepted:#2a8f6b;--rejected:#d9772b;
--invalid:#c8443c;--unknown:#8a5cc2;--unsent:#8791a1;--duplicate:#5b86c9;--suppressed:#a58d57;
--p50:#1f77b4;--p95:#c96a12;--p99:#b3307a"""

_BY_NIGHT: Final = """\
--paper:#14181f;--panel:#1f2631;--ink:#e6e9ef;--soft:#a3adbd;--line:#39424f;--link:#8ab8f5;
--good:#5fc796;--open:#f0b354;--stopped:#f28b82;--accepted:#43b58b;--rejected:#ee9450;
--invalid:#ec736b;--unknown:#b18be6;--unsent:#8d97a7;--duplicate:#7ba4e2;--suppressed:#c3ab74;
--p50:#6db3e8;--p95:#eb9850;--p99:#e678b4"""

_SCREEN: Final = """\
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main,footer{max-width:54rem;margin:0 auto;padding:0 1.25rem}
header{margin:2rem 0 1.5rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.25rem 0 .75rem;border-bottom:1px solid var(--line);
padding-bottom:.25rem}
h3{font-size:1rem;margin:0 0 .25rem}
p{margin:.4rem 0;overflow-wrap:anywhere}
.verdict{border-left:.35rem solid;padding:.5rem .9rem;background:var(--panel);font-size:1.05rem}
.good{border-color:var(--good)}
.open{border-color:var(--open)}
.stopped{border-color:var(--stopped)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.25rem;margin:0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
code{font:.9em ui-monospace,monospace;background:var(--panel);border:1px solid var(--line);
border-radius:.25rem;padding:.05rem .3rem;overflow-wrap:anywhere}
.command code{display:block;padding:.5rem .7rem;white-space:pre-wrap}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--line);
vertical-align:baseline}
thead th{font-weight:600;color:var(--soft)}
th:first-child{text-align:left;padding-left:0}
tbody th{font-weight:400;white-space:nowrap}
.words{text-align:left;overflow-wrap:anywhere}
.shares td:last-child{width:45%;padding-right:0;vertical-align:middle}
.bar{display:block;width:100%;height:1rem}
.track{fill:var(--panel)}
.accepted{fill:var(--accepted)}
.rejected{fill:var(--rejected)}
.invalid{fill:var(--invalid)}
.unknown{fill:var(--unknown)}
.unsent{fill:var(--unsent)}
.duplicate{fill:var(--duplicate)}
.suppressed{fill:var(--suppressed)}
.p50{stroke:var(--p50)}
.p95{stroke:var(--p95);stroke-dasharray:6 3}
.p99{stroke:var(--p99);stroke-dasharray:2 2}
.problem{border:1px solid var(--line);border-radius:.4rem;padding:.75rem .9rem;margin:.75rem 0}
.problem table{margin-top:.4rem;font-size:.92rem}
.problem tr:last-child>*{border-bottom:0}
.problem th:first-child{width:5rem}
.soft{color:var(--soft)}
figure{margin:1.25rem 0}
figcaption{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;margin-bottom:.25rem}
figcaption strong{flex-basis:100%}
.key{display:inline-flex;align-items:center;gap:.4rem}
.key svg{width:1.6rem;height:.8rem;stroke-width:2}
.curve{display:block;width:100%;height:auto}
.narrow{display:none}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--link)}
ul{padding-left:1.2rem;margin:.4rem 0}
footer{margin-top:2.5rem;margin-bottom:2rem;color:var(--soft);font-size:.9rem}
"""

_PHONE: Final = """\
main,footer{padding:0 .9rem}
dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:.4rem}
.wide{display:none}
.narrow{display:block}
th,td{padding:.25rem .35rem}
.shares td:last-child{width:28%}
.problem th:first-child{width:3.5rem}
"""

_PAPER: Final = """\
body{font-size:10.5pt}
main,footer{max-width:none;padding:0}
.wide{display:block}
.narrow{display:none}
figure,tr,dl{break-inside:avoid}
h2,h3{break-after:avoid}
.scroll{overflow:visible;font-size:8.5pt}
.bar,.key,.verdict{print-color-adjust:exact;-webkit-print-color-adjust:exact}
"""

STYLE: Final = f"""
:root{{color-scheme:light dark;{_BY_DAY}}}
@media (prefers-color-scheme:dark){{:root{{{_BY_NIGHT}}}}}
{_SCREEN}@media (max-width:36rem){{
{_PHONE}}}
@media print{{
:root{{color-scheme:light;{_BY_DAY}}}
{_PAPER}}}
"""
"""All of it; paper is white, whatever the screen is."""
