/**
 * What makes a terminal put a text on its clipboard, also through ssh: OSC 52 (xterm's ctlseqs, "Manipulate Selection
 * Data"). The terminal may forbid it and says nothing either way; tmux passes it on with `set-clipboard on`.
 */
export function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
}
