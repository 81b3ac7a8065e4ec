/** What of a process the screen depends on. */
interface Standing {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Why no screen can be drawn here; null if one can. The samples may come on standard input: then the keys do not. */
export function screenTrouble({ stdin, stdout, env }: Standing, samplesOnInput = false): string | null {
  if (!stdout.isTTY) return 'stdout is not a terminal';
  if (!samplesOnInput && !stdin.isTTY) return 'stdin is not a terminal: no key can be read';
  return env['TERM'] === 'dumb' ? 'TERM is dumb: this terminal cannot draw a screen' : null;
}
