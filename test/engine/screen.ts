/** The goroutine count in a daemon's row of the screen, the newer of two (`40→46`); null while there is none. */
export function goroutinesInRow(screen: string, daemon: string): number | null {
  const count = new RegExp(`^\\W*${daemon}\\s+(?:[\\d,]+→)?([\\d,]+)\\s`, 'm').exec(screen)?.[1];
  return count === undefined ? null : Number(count.replaceAll(',', ''));
}

/** The screen above its last line, which is the footer and names keys on every view. */
export function aboveFooter(screen: string): string {
  return screen.trimEnd().split('\n').slice(0, -1).join('\n');
}
