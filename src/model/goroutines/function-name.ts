/**
 * Whether Go's full name of a function is the one meant, whatever import root stands before it: dockerd's code is found
 * under `github.com/docker/docker/`, `github.com/moby/moby/v2/`, in `vendor/` folders and moved from folder to folder, so
 * names are compared from the end, up to a slash. A name that ends in `*` is the beginning of a last path element.
 *
 * `normalized` comes from {@link normalizeFunction}.
 */
export function isFunction(normalized: string, name: string): boolean {
  if (name.endsWith('*')) {
    const beginning = name.slice(0, -1);
    return normalized.startsWith(beginning) || normalized.includes(`/${beginning}`);
  }
  if (!normalized.endsWith(name)) return false;
  return normalized.length === name.length || normalized.charAt(normalized.length - name.length - 1) === '/';
}

/** Without the mark of a method value (`-fm`) and without type arguments, which differ between versions and forms. */
export function normalizeFunction(func: string): string {
  const whole = func.endsWith('-fm') ? func.slice(0, -'-fm'.length) : func;
  const open = whole.indexOf('[');
  const close = whole.lastIndexOf(']');
  return open === -1 || close < open ? whole : whole.slice(0, open) + whole.slice(close + 1);
}
