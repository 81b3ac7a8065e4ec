/** What stands where a value was. */
const hidden = '…';

/**
 * A systemd unit file with the values of its environment variables (`Environment=`, systemd.exec(5)) hidden: a proxy's
 * password or a token stands there. What belongs to one assignment can go over several lines, joined by a backslash.
 */
export function hideUnitEnvironment(text: string): string {
  return text.replace(
    /^([ \t]*Environment[ \t]*=)((?:[^\n]*\\\r?\n)*[^\n]*)$/gm,
    (_, key: string, value: string) => key + namesIn(value).join(' '),
  );
}

function namesIn(value: string): string[] {
  const words = value.replaceAll(/\\\r?\n/g, ' ').match(/(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*'|["'])+/g) ?? [];
  return words.map((word) => {
    const name = /^["']?([A-Za-z_]\w*)=/.exec(word)?.[1];
    return name === undefined ? hidden : `${name}=${hidden}`;
  });
}
