/**
 * The sequence that puts text on the terminal's clipboard, also over ssh: OSC 52 (xterm's ctlseqs, "Manipulate Selection
 * Data"). The terminal may refuse without an answer. tmux passes it on with `set-clipboard on`.
 */
export function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
}
