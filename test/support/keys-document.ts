import { type KeyBinding, keyBindings, mouseBindings } from '../../src/view/terminal/keys.ts';
import { listKeys } from '../../src/view/terminal/list/list-keys.ts';

/** For a reader; other keys are named by their character. */
const names = new Map(
  Object.entries({
    ' ': 'space',
    return: 'Enter',
    escape: 'Esc',
    tab: 'Tab',
    upArrow: '↑',
    downArrow: '↓',
    leftArrow: '←',
    rightArrow: '→',
    pageUp: 'PgUp',
    pageDown: 'PgDn',
    home: 'Home',
    end: 'End',
  }),
);

const places = { live: 'a live node', replay: 'a recording' } as const;

function nameOf(key: string): string {
  if (/^f\d+$/.test(key)) return key.toUpperCase();
  const parts = /^(ctrl|shift)\+(.+)$/.exec(key);
  if (parts?.[1] === 'ctrl') return `Ctrl-${parts[2]?.toUpperCase()}`;
  const name = parts?.[2] ?? key;
  return (parts === null ? '' : 'Shift-') + (names.get(name) ?? name);
}

const code = (key: string): string => `\`${nameOf(key)}\``;

function row({ keys, command, help, only }: KeyBinding): string {
  const where = only === undefined ? '' : `. Only for ${places[only]}`;
  return `| ${keys.map(code).join(', ')} | ${command.replaceAll('-', ' ')} | ${help}${where} |`;
}

function listRow([help, bindings]: readonly [string, readonly (typeof listKeys)[number][]]): string {
  const keys = bindings.map((binding) => binding.keys.map(code).join(', ')).join('; ');
  const commands = bindings.map(({ command }) => command.replaceAll('-', ' ')).join('; ');
  return `| ${keys} | ${commands} | ${help} |`;
}

/** The text of `docs/keys.md`. */
export const keysDocument = `# Keys

Every key, in the order of the help page (\`?\`). This page is made from the table of keys, \`src/view/terminal/keys.ts\`:
after a change there, \`npm test -- test/view/terminal/keys.test.ts --update\` writes it anew.

| keys | command | what it does |
|---|---|---|
${keyBindings.map(row).join('\n')}

## Lists of nodes

On the screens of \`rtwatch fleet\` and \`rtwatch remote\` (\`src/view/terminal/list/list-keys.ts\`):

| keys | commands | what they do |
|---|---|---|
${[...Map.groupBy(listKeys, ({ help }) => help)].map(listRow).join('\n')}

## The mouse

| mouse | what it does |
|---|---|
${mouseBindings.map(({ shown, help }) => `| ${shown} | ${help} |`).join('\n')}

\`--no-mouse\`, or \`mouse = false\` in the settings, leaves the mouse to the terminal.
`;
