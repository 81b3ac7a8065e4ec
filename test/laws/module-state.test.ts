import { expect, test } from 'vitest';
import { codeOf, files, roomOf } from './source-files.ts';

/** What runs once in a process of its own may remember: the program, the screen, and what the sampler and the bundle read. */
const mayRemember = ['app', 'cli', 'collect', 'capture'];

test.each(files.filter((file) => !mayRemember.includes(roomOf(file))))('%s remembers nothing in its module', (file) => {
  const code = codeOf(file);
  expect(code.match(/^(?:export )?let .*/gm) ?? []).toEqual([]);
  const names = [...code.matchAll(/^(?:export )?const (\w+)/gm)].map((match) => match[1] ?? '');
  const changed = names.filter((name) =>
    new RegExp(
      String.raw`\b${name}(?:\.(?:set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill)\(|(?:\.(?!lastIndex\b)\w+|\[[^\]]*\]) (?:[-+*/|&?]{0,2}=) )`,
    ).test(code),
  );
  expect(changed).toEqual([]);
});
