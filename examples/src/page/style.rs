/// How all pages look: one column on a phone, charts side by side where there is room, dark where the reader wants it.
pub(super) const STYLE: &str = "
:root{color-scheme:light dark;--text:#1f2328;--soft:#59636e;--line:#d1d9e0;--back:#fff;--tile:#f6f8fa}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9198a1;--line:#3d444d;--back:#0d1117;--tile:#151b23}}
body{font:16px/1.55 system-ui,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif;max-width:1040px;
margin:0 auto;padding:1em;color:var(--text);background:var(--back)}
h1{font-size:1.5em;margin:.5em 0}h2{font-size:1.1em;margin:1.5em 0 .5em}
p{margin:.4em 0}small,figcaption,dt{color:var(--soft)}figcaption{font-size:.87em}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5em,1fr));gap:.6em;margin:1em 0}
.figures div{background:var(--tile);border:1px solid var(--line);border-radius:8px;padding:.5em .8em}
dt{font-size:.82em}dd{margin:0;font-size:1.25em;font-variant-numeric:tabular-nums}
.side-by-side{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26em),1fr));gap:0 2em;align-items:start}
figure{margin:0;min-width:0}svg{display:block;width:100%;max-width:560px;height:auto}
svg text{fill:var(--text)}svg text.soft{fill:var(--soft)}
details{margin:.5em 0}summary{cursor:pointer;color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.92em;margin:.4em 0}
th{text-align:left;color:var(--soft);font-weight:600}th,td{padding:.3em .7em .3em 0;border-bottom:1px solid var(--line);
vertical-align:top}td:last-child{white-space:nowrap}td.number{font-variant-numeric:tabular-nums;white-space:nowrap}
ul{padding:0;list-style:none;margin:.4em 0}li{padding:.45em 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
";
