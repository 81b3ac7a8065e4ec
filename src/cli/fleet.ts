import fs from 'node:fs';
import path from 'node:path';
import { type FleetStatus, statusOf } from '../fleet/fleet.ts';
import { FleetSource } from '../fleet/fleet-source.ts';
import { BadHttpConfig, type HttpConfig, noHttpConfig, parseHttpConfig } from '../fleet/http-config.ts';
import { openPrometheus } from '../fleet/prometheus.ts';
import type { Matcher } from '../fleet/selector.ts';
import { fleetJson } from '../view/report/fleet-json.ts';
import { fleetText } from '../view/report/fleet-text.ts';
import { jsonText } from '../view/report/json-text.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { exitFlushed } from './exit-flushed.ts';
import { askGround } from './ground.ts';
import { nodeOpener } from './node-opener.ts';
import { type ThemeOptions, wantsMouse } from './options.ts';
import { chooseTheme, wantsGround } from './theme.ts';

export interface FleetOptions extends ThemeOptions {
  readonly prometheus?: URL;
  readonly selector: readonly Matcher[];
  /** Milliseconds. */
  readonly every: number;
  readonly httpConfig?: string;
  /** The command that opens a node. */
  readonly open: string;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly mouse: boolean;
}

/** One query may take that long, milliseconds. */
const deadlineMs = 10_000;

/** The screen of all nodes; with --once or --json, or without a terminal, one report. */
export async function fleet(options: FleetOptions): Promise<void> {
  const { prometheus: url, selector, every: intervalMs } = options;
  if (url === undefined) throw new ReportedError('no Prometheus: name it with --prometheus URL', exitCodes.badUsage);
  const prometheus = openPrometheus({ url, config: httpConfigOf(options.httpConfig), deadlineMs });
  const source = new FleetSource({ prometheus, selector, intervalMs, now: Date.now });
  const isTerminal = process.stdout.isTTY && process.stdin.isTTY && process.env['TERM'] !== 'dumb';
  if (!isTerminal || options.once || options.json) {
    await report(source, options);
    return;
  }
  const asked = wantsGround(options, process.env)
    ? askGround(process.stdin, (sequence) => process.stdout.write(sequence))
    : null;
  const { runFleet } = await import('../app/fleet/run-fleet.tsx');
  const theme = chooseTheme(options, process.env, await asked);
  const mouse = wantsMouse(options, process.env);
  await runFleet({ source, theme, address: url.host, opener: nodeOpener(options.open), mouse });
  // A query in flight must not delay the exit.
  process.exit(exitCodes.ok);
}

/** Exits as `check` does: 0 nothing found, 1 warning, 2 critical, 3 unknown. */
async function report(source: FleetSource, { json }: FleetOptions): Promise<void> {
  const snapshot = await source.ask();
  const { fleet: found, questions } = snapshot;
  if (found === null && !json) {
    const trouble = questions.find((one) => one.trouble !== null)?.trouble ?? 'no answer';
    throw new ReportedError(`Prometheus: ${trouble}. No node is known`, exitCodes.unknown);
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReportedError(`${file} cannot be read: ${reason}`, exitCodes.badUsage);
  }
}
