/**
 * What RFC 8259 lets stand in a string and a terminal may obey or hide: DEL and the controls of eight bits, bidi marks and what is
 * not seen, line separators, lone surrogates.
 */
const unprintable = /[\u007f\p{C}\p{Zl}\p{Zp}]/gu;

/** The value as JSON that does nothing to a terminal: the same value for whoever parses it. */
export function jsonText(value: unknown, indent?: number): string {
  const lines = JSON.stringify(value, null, indent).split('\n');
  return lines.map((line) => line.replace(unprintable, escapeAll)).join('\n');
}

function escapeAll(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
