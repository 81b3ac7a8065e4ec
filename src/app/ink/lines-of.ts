let last: { readonly text: string; readonly lines: readonly string[] } = { text: '', lines: [''] };

/** The lines of a text. A frame is taken apart once: the same lines pass through each of the modules that stand in for those of Ink. */
export function linesOf(text: string): readonly string[] {
  if (text !== last.text) last = { text, lines: text.split('\n') };
  return last.lines;
}
