import fs from 'node:fs';
import path from 'node:path';
import { fileTrouble } from '../../base/file-trouble.ts';
import { type FleetStatus, statusOf } from '../../fleet/fleet.ts';
import type { FleetRounds } from '../../fleet/fleet-rounds.ts';
import { FleetSource } from '../../fleet/fleet-source.ts';
import { BadHttpConfig, type HttpConfig, noHttpConfig, parseHttpConfig } from '../../fleet/http-config.ts';
import { KubernetesSource } from '../../fleet/kubernetes-source.ts';
import { defaultOpen } from '../../fleet/node-command.ts';
import { openPrometheus } from '../../fleet/prometheus.ts';
import type { Matcher } from '../../fleet/selector.ts';
import { fleetJson } from '../../view/report/fleet-json.ts';
import { fleetText } from '../../view/report/fleet-text.ts';
import { jsonText } from '../../view/report/json-text.ts';
import { kubectlGet, openInPod } from '../nodes/kubectl.ts';
import { nodeOpener } from '../nodes/node-opener.ts';
import { type ThemeOptions, wantsMouse } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { exitFlushed } from '../process/exit-flushed.ts';
import { askGround } from '../screen/ground.ts';
import { screenTrouble } from '../screen/screen-trouble.ts';
import { chooseTheme, wantsGround } from '../screen/theme.ts';

export interface FleetOptions extends ThemeOptions {
  readonly prometheus?: URL;
  readonly kubernetes?: boolean;
  /** Of kubectl's configuration. */
  readonly context?: string;
  readonly selector: readonly Matcher[];
  /** Milliseconds; by what is asked if not set. */
  readonly every?: number;
  readonly httpConfig?: string;
  /** The command that opens a node; by what is asked if not set. */
  readonly open?: string;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly mouse: boolean;
}

/** One query may take that long, milliseconds. */
const deadlineMs = 10_000;
const prometheusEveryMs = 15_000;
/** A list of all nodes is more than five queries are. */
const kubernetesEveryMs = 60_000;

/** The screen of all nodes; with --once or --json, or without a terminal, one report. */
export async function fleet(options: FleetOptions): Promise<void> {
  const { source, address, open } = askedOf(options);
  if (screenTrouble(process) !== null || options.once || options.json) {
    await report(source, options);
    return;
  }
  const asked = wantsGround(options, process.env)
    ? askGround(process.stdin, (sequence) => process.stdout.write(sequence))
    : null;
  const { runFleet } = await import('../../app/fleet/run-fleet.tsx');
  const theme = chooseTheme(options, process.env, await asked);
  const mouse = wantsMouse(options, process.env);
  await runFleet({ source, theme, address, opener: nodeOpener(options.open ?? open), mouse });
  // A query in flight must not delay the exit.
  process.exit(exitCodes.ok);
}

/** What is asked, its name for the header, and what opens one of its nodes. */
function askedOf(options: FleetOptions): { source: FleetRounds; address: string; open: string } {
  const { prometheus: url, kubernetes = false, context, selector, httpConfig, every } = options;
  if (kubernetes) {
    const other = [url, httpConfig, selector[0]].some((one) => one !== undefined);
    if (other) throw new ReportedError('--kubernetes takes no option of Prometheus', exitCodes.badUsage);
    const source = new KubernetesSource({
      get: kubectlGet(context),
      intervalMs: every ?? kubernetesEveryMs,
      now: Date.now,
    });
    return { source, address: context ?? 'kubectl', open: openInPod(context) };
  }
  if (url === undefined) {
    throw new ReportedError('nothing to ask: name --prometheus URL, or --kubernetes', exitCodes.badUsage);
  }
  const prometheus = openPrometheus({ url, config: httpConfigOf(httpConfig), deadlineMs });
  const intervalMs = every ?? prometheusEveryMs;
  return {
    source: new FleetSource({ prometheus, selector, intervalMs, now: Date.now }),
    address: url.host,
    open: defaultOpen,
  };
}

/** Exits as `check` does: 0 nothing found, 1 warning, 2 critical, 3 unknown. */
async function report(source: FleetRounds, { json }: FleetOptions): Promise<void> {
  const snapshot = await source.ask();
  const { system, fleet: found, questions } = snapshot;
  if (found === null && !json) {
    const trouble = questions.find((one) => one.trouble !== null)?.trouble ?? 'no answer';
    throw new ReportedError(`${system}: ${trouble}. No node is known`, exitCodes.unknown);
  }
  process.stdout.write(json ? `${jsonText(fleetJson(snapshot), 2)}\n` : fleetText(snapshot));
  await exitFlushed(codes[statusOf(snapshot)]);
}

const codes: Readonly<Record<FleetStatus, number>> = {
  ok: exitCodes.ok,
  warning: exitCodes.warning,
  critical: exitCodes.critical,
  unknown: exitCodes.unknown,
};

function httpConfigOf(file: string | undefined): HttpConfig {
  if (file === undefined) return noHttpConfig;
  try {
    return parseHttpConfig(fs.readFileSync(file, 'utf8'), path.dirname(path.resolve(file)));
  } catch (error) {
    if (error instanceof BadHttpConfig) throw new ReportedError(`${file}: ${error.message}`, exitCodes.badUsage);
    throw new ReportedError(`${file} cannot be read: ${fileTrouble(error)}`, exitCodes.badUsage);
  }
}
