import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGoroutineCount } from '../../../src/parse/go/pprof-index.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const rows = { block: 0, goroutine: 3097, heap: 68, mutex: 0, threadcreate: 12 };

/** Go up to 1.10 (dockerd 17.03 to 18.06). */
const go110 = `<html>
<head>
<title>/debug/pprof/</title>
</head>
<body>
/debug/pprof/<br>
<br>
profiles:<br>
<table>

${Object.entries(rows)
  .map(([name, count]) => `<tr><td align=right>${count}<td><a href="${name}?debug=1">${name}</a>\n`)
  .join('')}
</table>
<br>
<a href="goroutine?debug=2">full goroutine stack dump</a><br>
</body>
</html>
`;

/** Go 1.11 to about 1.15 (dockerd 19.03). */
const go113 = `<html>
<head>
<title>/debug/pprof/</title>
<style>
.profile-name{
\tdisplay:inline-block;
\twidth:6rem;
}
</style>
</head>
<body>
/debug/pprof/<br>
<br>
Types of profiles available:
<table>
<thead><td>Count</td><td>Profile</td></thead>

${Object.entries(rows)
  .map(([name, count]) => `\t<tr>\n\t<td>${count}</td><td><a href=${name}?debug=1>${name}</a></td>\n\t</tr>\n`)
  .join('\n')}

</table>
<a href="goroutine?debug=2">full goroutine stack dump</a>
<br/>
<p>
Profile Descriptions:
<ul>
<li><div class=profile-name>goroutine:</div> Stack traces of all current goroutines</li>
</ul>
</p>
</body>
</html>`;

/** Go since about 1.16 (dockerd 20.10.10 and later). */
const go119 = `<html>
<head>
<title>/debug/pprof/</title>
<style>
.profile-name{
\tdisplay:inline-block;
\twidth:6rem;
}
</style>
</head>
<body>
/debug/pprof/
<br>
<p>Set debug=1 as a query parameter to export in legacy text format</p>
<br>
Types of profiles available:
<table>
<thead><td>Count</td><td>Profile</td></thead>
${Object.entries({ allocs: 68, ...rows })
  .map(([name, count]) => `<tr><td>${count}</td><td><a href='${name}?debug=1'>${name}</a></td></tr>\n`)
  .join('')}<tr><td></td><td><a href='cmdline?debug=1'>cmdline</a></td></tr>
</table>
<a href="goroutine?debug=2">full goroutine stack dump</a>
<br>
</body>
</html>`;

const samples = [go110, go113, go119];

describe('the index page of', () => {
  test.each([
    ['Go up to 1.10, without closing tags', go110],
    ['Go 1.11 to 1.15, without quotes', go113],
    ['Go since 1.16, with single quotes', go119],
  ])('%s tells the number of goroutines', (_, html) => {
    expect(parseGoroutineCount(html)).toBe(3097);
  });

  test('Go is read whatever the count', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), (html, count) => {
        expect(parseGoroutineCount(html.replace('3097', String(count)))).toBe(count);
      }),
    );
  });
});

test.each([
  ['nothing', ''],
  ['an error page', '404 page not found\n'],
  ['a page without that row', go119.replace(/<tr><td>3097.*\n/, '')],
  ['JSON', '{"message":"page not found"}'],
  ['a page of another kind', '<html><table><tr><td>7</td><td><a href="x">goroutine</a></td></tr></table></html>'],
])('%s is refused', (_, html) => {
  expect(() => parseGoroutineCount(html)).toThrow('no goroutine count');
});

test('any text gives a number or an error', () => expectToBear(parseGoroutineCount, samples));

test('no text takes long', () => {
  expectNoHang(parseGoroutineCount, [...samples, '<td', '<td>', '<td>1', '<td>1 ', '<td>1</td><td><a href=']);
  expectNoHang((text) => parseGoroutineCount(`<td>1${text}`), ['\t']);
});
