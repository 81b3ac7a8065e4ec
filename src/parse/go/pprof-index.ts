/**
 * The goroutine count on the index page of net/http/pprof.
 *
 * The row's markup changed with Go: no closing tags and `align=right` up to 1.10, an unquoted href on its own line up to
 * about 1.15, single quotes since (net/http/pprof/pprof.go).
 *
 * @throws if the page has no such row
 */
export function parseGoroutineCount(html: string): number {
  // Every run is bounded: a page that is something else must not cost more than its length.
  for (const [, count, name] of html.matchAll(
    /<td(?: [^<>]{0,80})?>\s{0,20}(\d{1,15})\s{0,20}(?:<\/td>)?\s{0,20}<td>\s{0,20}<a href=['"]?(\w{1,40})\?debug=1/g,
  )) {
    if (name === 'goroutine') return Number(count);
  }
  throw new Error('no goroutine count on the pprof index page');
}
