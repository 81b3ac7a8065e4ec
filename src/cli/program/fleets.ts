import { type Command, InvalidArgumentError, Option } from 'commander';
import { BadSelector, type Matcher, parseSelector } from '../../fleet/selector.ts';
import { parseDuration } from '../options/arguments.ts';
import { withScreenOptions, withThemeOptions } from '../options/options.ts';

/** Commands that show more than one node. */
export function addFleetCommands(program: Command): void {
  withThemeOptions(program.command('fleet'))
    .description(
      'show all nodes that Prometheus scrapes, or of a cluster, the worst first; exit codes of a report as of check',
    )
    .addOption(new Option('--prometheus <url>', 'URL of its HTTP API, as http://prometheus:9090').argParser(parseUrl))
    .option(
      '--kubernetes',
      'ask the API server for the conditions of its nodes, through kubectl, instead of Prometheus',
    )
    .option('--context <name>', 'context of kubectl’s configuration (default: the current one)')
    .addOption(
      new Option('--selector <matchers>', 'ask only for series with these labels, as {cluster="a"}')
        .argParser(parseMatchers)
        .default([], 'all nodes'),
    )
    .addOption(
      new Option('--every <duration>', 'how often to ask: 1s to 1h (default: 15s, Kubernetes 60s)').argParser(
        parseEvery,
      ),
    )
    .option(
      '--http-config <file>',
      'how to log in to Prometheus: basic_auth, authorization and tls_config, as for promtool (YAML)',
    )
    .option(
      '--open <command>',
      'what Enter runs for a node, with {node}, {instance} or {cluster} (default: rtwatch sample over ssh, Kubernetes in its pod)',
    )
    .option('--once', 'print a report and exit (also when stdout is not a terminal)')
    .option('--json', 'print JSON and exit')
    .option('--no-mouse', 'leave the mouse to the terminal (default with TERM=linux)')
    .action(async (options) => {
      const { fleet } = await import('../commands/fleet.ts');
      await fleet(options);
    });

  withScreenOptions(program.command('remote <nodes...>'))
    .description('show several nodes over ssh on one screen, the worst first; Enter opens one')
    .option('--command <command>', 'what writes the samples of {node}; it cannot ask for a password', defaultSample)
    .option('--copy', 'copy this program to the nodes over ssh, after a question; it is removed there before it runs')
    .option('--copy-file <file>', 'copy that file of a release, as for nodes of another architecture')
    .action(async (nodes: string[], options) => {
      const { remote } = await import('../commands/remote.ts');
      await remote(nodes, options);
    });
}

/** Without a password: the terminal is the screen's. A connection that is dead is noticed after 45 seconds. */
const defaultSample = 'ssh -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15 {node} rtwatch sample';

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('It is not of the form http://host:port.');
  if (url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError('Put the user and the password into a file: --http-config.');
  }
  return url;
}

function parseMatchers(text: string): Matcher[] {
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof BadSelector) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}

function parseEvery(text: string): number {
  const ms = parseDuration(text);
  if (ms < 1000 || ms > 3_600_000) throw new InvalidArgumentError('It must be from 1s to 1h.');
  return ms;
}
