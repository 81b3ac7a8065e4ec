/** Where a daemon listens, by its command line: `-H`, `--host` of dockerd; `-a`, `--address` of containerd. */
export function parseListenArguments(words: readonly string[]): string[] {
  return valuesOf(words, ['-H', '--host', '-a', '--address'])
    .map((value) => value.replace(/^unix:\/\//, ''))
    .filter((value) => value.startsWith('/') || value.startsWith('tcp://'));
}

/**
 * The values of an option, in words of their own or joined with `=`, in their order.
 *
 * @param names of the option, with their dashes
 */
export function valuesOf(words: readonly string[], names: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (names.includes(word)) return words[index + 1] ?? [];
    const name = names.find((each) => word.startsWith(`${each}=`));
    return name === undefined ? [] : word.slice(name.length + 1);
  });
}
