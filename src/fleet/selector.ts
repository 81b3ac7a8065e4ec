/** A label matcher of PromQL. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  /** Not quoted. */
  readonly value: string;
}

/** The text is no selector of series. */
export class BadSelector extends Error {}

const one = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)\s*/y;
/** The escapes of a PromQL string (those of Go) that a person types. */
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/**
 * Reads `{cluster="a",env=~"prod.*"}`, with or without braces. It is put into queries matcher by matcher, so nothing of it can end one.
 *
 * @throws BadSelector with the reason
 */
export function parseSelector(text: string): Matcher[] {
  const trimmed = text.trim();
  const isBraced = trimmed.startsWith('{') && trimmed.endsWith('}') && trimmed.length > 1;
  const inner = (isBraced ? trimmed.slice(1, -1) : trimmed).trim();
  const matchers: Matcher[] = [];
  let at = 0;
  while (at < inner.length) {
    one.lastIndex = at;
    const [whole, label, operator, quoted] = one.exec(inner) ?? [];
    if (whole === undefined || label === undefined || quoted === undefined) throw new BadSelector(form);
    if (label === '__name__') throw new BadSelector('It may not name a metric');
    matchers.push({ label, operator: operator as Matcher['operator'], value: unquoted(quoted) });
    at += whole.length;
    if (at === inner.length) break;
    if (inner[at] !== ',') throw new BadSelector(form);
    at++;
  }
  return matchers;
}

const form = 'It is not of the form {label="value",other=~"pattern"}';

/** `{a="x",b=~"y"}`; empty without matchers. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  const inner = matchers.map(({ label, operator, value }) => `${label}${operator}${promString(value)}`);
  return inner.length === 0 ? '' : `{${inner.join(',')}}`;
}

/** A pattern for `=~` that matches one of these values and nothing else. */
export function anyOf(values: readonly string[]): string {
  return values.map((value) => value.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&')).join('|');
}

/** A double-quoted string of PromQL. */
function promString(value: string): string {
  return `"${value.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

function unquoted(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return inner;
  return inner.replaceAll(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped);
}
