/** The name people know a distribution by, from `/etc/os-release` (os-release(5)); null when it does not say. */
export function parsePrettyName(text: string): string | null {
  return /^PRETTY_NAME=(["']?)(.*)\1$/m.exec(text)?.[2] || null;
}
