extension Report {
    /// Light and dark by the reader's system; one column on a phone.
    static let stylesheet: HTML = """
        :root{--paper:#fff;--ink:#1c2430;--soft:#5b6675;--line:#dde2e8;--card:#f5f7f9;--hit:#1a7f5a;--miss:#c2410c;\
        --s0:#1d5fbf;--s1:#c2410c;--s2:#1a7f5a;--s3:#7c3aed;--s4:#a16207;--on-dark:#fff}
        @media (prefers-color-scheme:dark){:root{--paper:#12161c;--ink:#e6eaf0;--soft:#9aa6b5;--line:#2b333e;\
        --card:#1a2029;--hit:#3fb58a;--miss:#f0834f;--s0:#6ea8fe;--s1:#f0834f;--s2:#3fb58a;--s3:#b794f6;--s4:#d9b44a;--on-dark:#0b0e12}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1rem;max-width:70rem;background:var(--paper);color:var(--ink);\
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
        header{border-bottom:1px solid var(--line);margin-bottom:1.5rem}
        h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1.2rem;margin:2.2rem 0 .5rem}
        p{margin:.25rem 0 1rem;max-width:46rem}
        header p,footer,small,.note,section>p{color:var(--soft)}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:0}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem}
        .card dt{color:var(--soft);font-size:.85rem}
        .card dd{margin:0;font-size:1.45rem;font-weight:650;font-variant-numeric:tabular-nums}
        .card dd.note{font-size:.8rem;font-weight:400}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1rem}
        figure{margin:0}
        .chart{max-width:36rem;border:1px solid var(--line);border-radius:.6rem;padding:.6rem .7rem}
        .chart figcaption{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.9rem}
        .chart>svg{width:100%;height:auto;display:block}
        .chart text{font-size:13px;fill:var(--soft)}
        .chart .grid{stroke:var(--line);stroke-width:1}
        .chart .diagonal{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 4}
        .chart polyline{fill:none;stroke-width:2;stroke-linejoin:round}
        .key{color:var(--soft);white-space:nowrap}
        .key svg{width:24px;height:8px;margin-right:.35rem;vertical-align:middle}
        .key line{stroke-width:3}
        .s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}.s4{stroke:var(--s4)}
        circle.s0{fill:var(--s0)}circle.s1{fill:var(--s1)}circle.s2{fill:var(--s2)}\
        circle.s3{fill:var(--s3)}circle.s4{fill:var(--s4)}
        .chart polyline.thin{stroke-width:1;opacity:.7}
        .chart .dot{fill:var(--s0);opacity:.5}.chart rect.bar{fill:var(--s0);opacity:.75}
        polyline.s1,.key .s1{stroke-dasharray:7 4}polyline.s2,.key .s2{stroke-dasharray:2 3}
        .scroll{overflow-x:auto}
        .scroll:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
        th{font-weight:500;text-align:left}
        .confusion th[scope=row]{position:sticky;left:0;background:var(--paper);padding-right:.7rem;white-space:nowrap}
        .confusion thead th{vertical-align:bottom;padding:0 .2rem .4rem}
        .confusion thead span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;display:block;\
        margin:0 auto}
        .confusion td{min-width:2.9rem;height:2.2rem;text-align:center;border:2px solid var(--paper);border-radius:.4rem}
        .confusion .zero{color:var(--soft);opacity:.6}
        .hit{background:color-mix(in srgb,var(--hit) var(--shade),var(--card))}
        .miss{background:color-mix(in srgb,var(--miss) var(--shade),var(--card))}
        .dark{color:var(--on-dark)}
        .pairs{padding-left:1.4rem;columns:22rem 2;column-gap:2rem;margin:.25rem 0}
        .pairs b{font-weight:600}
        .scores{width:100%;min-width:23rem}
        .scores td{white-space:nowrap}
        .scores th,.scores td{padding:.3rem .6rem;border-bottom:1px solid var(--line)}
        .scores td,.scores thead th:not(:first-child){text-align:right}
        .scores thead th{color:var(--soft)}
        .scores tfoot th,.scores tfoot td{border-bottom:0;font-weight:650}
        .long .scroll{max-height:34rem;overflow-y:auto}.long thead th{position:sticky;top:0;background:var(--paper)}
        .bar{background:linear-gradient(to right,color-mix(in srgb,var(--s0) 24%,var(--paper)) var(--share),\
        transparent var(--share)) left/100% 70% no-repeat}
        .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.3rem,1fr));gap:.9rem}
        .mistake{font-size:.85rem;line-height:1.35}
        .mistake img{width:100%;aspect-ratio:1;object-fit:contain;image-rendering:pixelated;background:var(--card);\
        border:1px solid var(--line);border-radius:.4rem;display:block;margin-bottom:.35rem}
        .mistake b{color:var(--miss);font-weight:600}
        .mistake figcaption{overflow-wrap:anywhere}
        .share{color:var(--soft)}
        .none{aspect-ratio:1;background:var(--card);margin:0;display:grid;place-items:center}
        .rows{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:.9rem}
        .row{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem;font-size:.88rem;\
        min-width:0;overflow-wrap:anywhere}
        .row img{float:right;width:5.5rem;image-rendering:pixelated;border-radius:.4rem;margin:0 0 .4rem .8rem}
        .row p{margin:0}.row b{color:var(--miss)}.row b.truth{color:var(--hit)}
        .row dl{margin:.5rem 0 0;display:grid;gap:.1rem}
        .row dl div{display:grid;grid-template-columns:minmax(3rem,30%) 1fr;gap:.6rem}
        .row dt{color:var(--soft)}.row dd{margin:0}
        section>p.lead{font-size:1.05rem;margin-top:1.2rem;color:var(--ink);max-width:52rem}
        code{font-size:.8rem;color:var(--soft)}
        .track{min-width:8rem;width:30%}
        .track i{display:block;position:relative;height:.5rem;background:var(--card);border-radius:.25rem}
        .track u{position:absolute;top:0;height:100%;min-width:3px;background:var(--s0);border-radius:.25rem}
        @media (max-width:36rem){.track,.scores thead td{display:none}\
        .scores{min-width:0}.scores th,.scores td{padding:.3rem .3rem}}
        .track i.sides{background:linear-gradient(to right,transparent calc(50% - .5px),var(--soft) 0 calc(50% + .5px),\
        transparent 0)}
        .track u.for{left:50%}.track u.against{right:50%;left:auto;background:var(--s1)}
        .adding th span{overflow-wrap:anywhere;white-space:normal}
        .attributed{margin:1rem 0}
        .attributed .words{max-width:52rem;line-height:1.9;white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}
        span.for{background:color-mix(in srgb,var(--s0) var(--shade,25%),transparent);border-bottom:2px solid var(--s0)}
        span.against{background:color-mix(in srgb,var(--s1) var(--shade,25%),transparent);\
        border-bottom:2px dashed var(--s1)}
        .pictures{display:flex;flex-wrap:wrap;gap:1rem;margin-top:.5rem}
        .pictures svg{width:min(18rem,100%);height:auto;border:1px solid var(--line);border-radius:.4rem}
        .pictures image{image-rendering:pixelated}
        .pictures rect.for{fill:#2f7fff}.pictures rect.against{fill:#ff6a13}
        .pictures text{fill:#fff;stroke:#000;stroke-width:.12em;paint-order:stroke;font-weight:700}
        .scroll+section{margin:.75rem 0}
        .bad{color:var(--miss);font-weight:600}.soft{color:var(--soft)}
        details summary{cursor:pointer;color:var(--soft);margin:.8rem 0 .4rem}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:0 2rem}
        .columns section{min-width:0}
        .facts{width:100%}
        .facts th,.facts td{padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        .facts th{color:var(--soft);white-space:nowrap;padding-right:1.2rem}
        .facts td{overflow-wrap:anywhere}
        footer{border-top:1px solid var(--line);margin-top:2.5rem;padding:1rem 0;font-size:.85rem}
        @media print{.gallery{grid-template-columns:repeat(6,1fr)}section{break-inside:avoid}}
        """
}
