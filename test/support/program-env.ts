/** The environment of a program that a test starts: no settings, and nothing of the shell that started the tests but where programs are. */
export function programEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, RTWATCH_NODE } = process.env;
  return {
    ...{ PATH, TMPDIR, RTWATCH_NODE },
    ...{ HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'xterm', TZ: 'UTC' },
    ...more,
  };
}
