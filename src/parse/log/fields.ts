/** The keys and values that a line carries, as it spells them. */
export type LogFields = ReadonlyMap<string, string>;

export const noLogFields: LogFields = new Map();

const maxFields = 64;

/**
 * The fields of a logfmt line (logrus' TextFormatter), in whatever order; null when the text is not logfmt. A value that
 * was cut keeps what there is of it.
 */
export function parseLogfmt(text: string): LogFields | null {
  if (!/^(?:time|ts|level|msg)=/.test(text)) return null;
  const fields = new Map<string, string>();
  const pair = /([\w.()-]{1,80})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"?|(\S*))/y;
  let at = 0;
  while (at < text.length && fields.size < maxFields) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match !== null) {
      const [whole, key = '', quoted, bare = ''] = match;
      fields.set(key, quoted === undefined ? bare : unquote(quoted));
      at += whole.length;
    }
    const space = text.indexOf(' ', at);
    if (space === -1) break;
    at = space + 1;
  }
  return fields;
}

/** The fields of a line that is one JSON object (containerd with `format = "json"`, the journal); null when it is not. */
export function parseJsonFields(text: string): LogFields | null {
  if (!text.startsWith('{')) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = new Map<string, string>();
  for (const [key, field] of Object.entries(value).slice(0, maxFields)) {
    const text = fieldText(field);
    if (text !== null) fields.set(key, text);
  }
  return fields;
}

/** journalctl writes bytes that are not UTF-8 as an array of numbers, and a field that occurs twice as an array of both. */
function fieldText(field: unknown): string | null {
  if (typeof field === 'string') return field;
  if (typeof field === 'number' || typeof field === 'boolean') return String(field);
  if (!Array.isArray(field)) return null;
  if (field.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)) {
    return new TextDecoder().decode(Uint8Array.from(field));
  }
  return typeof field[0] === 'string' ? field[0] : null;
}

/** Undoes Go's %q. */
function unquote(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(
    /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gi,
    (_, unicode: string | undefined, byte: string | undefined, letter: string | undefined) =>
      letter === undefined
        ? String.fromCharCode(Number.parseInt(unicode ?? byte ?? '0', 16))
        : (escapes[letter] ?? letter),
  );
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
