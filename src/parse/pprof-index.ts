/**
 * The goroutine count on the index page of net/http/pprof.
 *
 * The row's markup changed with Go: no closing tags and `align=right` up to 1.10, an unquoted href on a line of its own
 * up to about 1.15, single quotes since (net/http/pprof/pprof.go).
 *
 * @throws when the page has no such row
 */
export function parseGoroutineCount(html: string): number {
  for (const [, count, name] of html.matchAll(
    /<td[^>]*>\s*(\d+)\s*(?:<\/td>)?\s*<td>\s*<a href=['"]?(\w+)\?debug=1/g,
  )) {
    if (name === 'goroutine') return Number(count);
  }
  throw new Error('no goroutine count on the pprof index page');
}
