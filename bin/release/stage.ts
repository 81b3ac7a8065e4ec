import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Made } from './executables.ts';
import { put, run } from './run.ts';

const root = path.join(import.meta.dirname, '../..');

/** What a package and the archive have beside the executable; printed by the program itself. */
export interface Texts {
  readonly man: string;
  readonly completions: Readonly<Record<'bash' | 'zsh' | 'fish', string>>;
  readonly licenses: string;
  readonly settings: string;
}

/** @param program the command that runs rtwatch */
export async function readTexts(program: readonly string[]): Promise<Texts> {
  const [command = '', ...args] = program;
  const ask = (...words: string[]): Promise<string> =>
    run(command, [...args, ...words], { XDG_CONFIG_HOME: '/nonexistent' });
  const [man, bash, zsh, fish, licenses, settings] = await Promise.all([
    ask('man'),
    ...['bash', 'zsh', 'fish'].map((shell) => ask('completion', shell)),
    ask('licenses'),
    ask('config', '--print-default'),
  ]);
  return { man, completions: { bash, zsh, fish }, licenses, settings } as Texts;
}

/** Where a distribution's family has what differs. */
export interface Places {
  readonly units: string;
  readonly zsh: string;
}

/** Lays out the files of a package below a folder. */
export function stage(folder: string, { executable }: Made, texts: Texts, places: Places): void {
  const at = (name: string): string => path.join(folder, name);
  put(at('usr/bin/rtwatch'), fs.readFileSync(executable), 0o755);
  put(
    at(`${places.units}/rtwatch-recorder.service`),
    fs.readFileSync(path.join(import.meta.dirname, 'rtwatch-recorder.service')),
  );
  put(at('usr/share/man/man1/rtwatch.1.gz'), gzipSync(texts.man, { level: 9 }));
  put(at('usr/share/bash-completion/completions/rtwatch'), texts.completions.bash);
  put(at(`${places.zsh}/_rtwatch`), texts.completions.zsh);
  put(at('usr/share/fish/vendor_completions.d/rtwatch.fish'), texts.completions.fish);
  put(at('usr/share/doc/rtwatch/copyright'), texts.licenses);
  put(
    at('usr/share/doc/rtwatch/changelog.gz'),
    gzipSync(fs.readFileSync(path.join(root, 'CHANGELOG.md')), { level: 9 }),
  );
  put(at('etc/rtwatch/config.toml'), texts.settings);
}
