import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { files as sources, textOf } from './source-files.ts';

const root = path.join(import.meta.dirname, '../..');
const folders = ['src', 'test', 'bin', 'docs', 'deploy', 'demo', 'snapshots'];
/** Every file and folder that a page may name, by its path in the repository. */
const present = new Set(
  folders.flatMap((folder) => [
    folder,
    ...fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`),
  ]),
);
const presentNames = [...present];

const pages = ['README.md', 'CONTRIBUTING.md', ...presentNames.filter((name) => /^docs\/[^/]+\.md$/.test(name))];
const pageOf = (page: string): string => fs.readFileSync(path.join(root, page), 'utf8');

/** What is set as code: in backticks, or indented. */
function codeIn(text: string): string[] {
  const outsideFences = text.replaceAll(/^```.*$/gm, '');
  return [
    ...[...outsideFences.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
    ...outsideFences.split('\n').filter((line) => /^ {4}\S/.test(line)),
  ];
}

/** A path from the root, or the end of one: `wire/live.ts`, `tones.ts`. Words in capitals stand for a name. */
function isPresent(name: string): boolean {
  const file = name.replace(/\/$/, '');
  return present.has(file) || presentNames.some((known) => known.endsWith(`/${file}`));
}

function pathsIn(code: string): string[] {
  return [...code.matchAll(/(?<![\w./~$-])[\w.-]+(?:\/[\w.-]+)*\/?(?![\w*{/-])/g)]
    .map(([name]) => name)
    .filter((name) => /^(?:src|test|bin|docs|deploy|demo|snapshots)\//.test(name) || /\w\.tsx?$/.test(name))
    .filter((name) => !/(?:^|\/)[A-Z]{2,}\b/.test(name));
}

/** As GitHub makes them. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function linksIn(text: string): { readonly file: string; readonly anchor: string | undefined }[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(([, file = '', anchor]) => ({
    file,
    anchor,
  }));
}

const program = sources.filter((file) => /^cli\/(?:main|program\/|options\/)/.test(file)).map(textOf);
const commands = new Set(
  program.flatMap((text) => [...text.matchAll(/\.command\(\s*'([a-z-]+)/g)].map(([, name]) => name)),
);
const options = new Set(program.flatMap((text) => text.match(/--[a-z][a-z-]*/g) ?? []));

/** What the report says, not what a person types. */
const sayings = ['samples every 4s'];

/** What follows `rtwatch` where it is a program, not a namespace (`-n rtwatch`): up to a pipe, a quote or a comment. */
function commandLinesIn(code: string): string[] {
  return [...code.matchAll(/(?:^|(?<!-n)\s|[/(])rtwatch (\S[^|;#`"]*)/g)]
    .map(([, words = '']) => words.trim())
    .filter((words) => !sayings.some((saying) => words.startsWith(saying)));
}

describe.each(pages)('%s', (page) => {
  const text = pageOf(page);
  const code = codeIn(text);

  test('names files that are there', () => {
    expect(code.flatMap(pathsIn).filter((name) => !isPresent(name))).toEqual([]);
  });

  test('links to pages and headings that are there', () => {
    const broken = linksIn(text).filter(({ file, anchor }) => {
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!fs.existsSync(path.join(root, target))) return true;
      if (anchor === undefined || !target.endsWith('.md')) return false;
      const linked = pageOf(target);
      const headings = [...linked.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
      return (
        !headings.includes(anchor) && !linked.includes(`<a id="${anchor}"`) && !linked.includes(`name="${anchor}"`)
      );
    });
    expect(broken).toEqual([]);
  });

  test('names scripts of package.json', () => {
    const scripts = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
  });

  test('names commands and options of rtwatch', () => {
    const lines = code.flatMap(commandLinesIn);
    expect(lines.filter((words) => /^[a-z]/.test(words) && !commands.has(words.split(/\s/)[0] ?? ''))).toEqual([]);
    const named = lines.flatMap((words) => words.match(/(?<!\S)--[a-z][a-z-]*/g) ?? []);
    expect(named.filter((option) => !options.has(option))).toEqual([]);
  });
});

test('the commands and options are found in the sources', () => {
  expect([...commands]).toEqual(expect.arrayContaining(['watch', 'check', 'sample', 'doctor']));
  expect(options.size).toBeGreaterThan(40);
});
