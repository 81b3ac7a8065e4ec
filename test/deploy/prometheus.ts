import fs from 'node:fs';
import { stringify } from 'yaml';
import type { Scratch } from '../engine/scratch.ts';
import { yamlOf } from './files.ts';
import { type Server, startPrometheus } from './server.ts';

interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Record<string, unknown>[] }[];
}

interface Config {
  readonly scrape_configs: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

export interface Alert {
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A Prometheus with the configuration and the rules of `deploy/`, in a hurry. */
export class TestPrometheus {
  readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  /**
   * Starts one that scrapes a target, and evaluates, each second; `for` is a second at most.
   *
   * @param scrape other settings of the job
   */
  static async start(scratch: Scratch, name: string, target: string, scrape: object = {}): Promise<TestPrometheus> {
    fs.mkdirSync(scratch.of(name));
    const [config] = yamlOf('prometheus/prometheus.yml') as readonly Config[];
    const [rules] = yamlOf('prometheus/rtwatch.rules.yml') as readonly Rules[];
    const [job] = config?.scrape_configs ?? [];
    const hurried = rules?.groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ({
        ...rule,
        ...('for' in rule ? { for: '1s' } : {}),
        ...('keep_firing_for' in rule ? { keep_firing_for: '1s' } : {}),
      })),
    }));
    const jobs = [
      { ...job, scrape_interval: '1s', scrape_timeout: '1s', static_configs: [{ targets: [target] }], ...scrape },
    ];
    const hurriedConfig = { ...config, global: { evaluation_interval: '1s' }, scrape_configs: jobs };
    fs.writeFileSync(scratch.of(name, 'prometheus.yml'), stringify(hurriedConfig));
    fs.writeFileSync(scratch.of(name, 'rtwatch.rules.yml'), stringify({ groups: hurried }));
    return new TestPrometheus(await startPrometheus(scratch, name));
  }

  /** The alerts that fire or are about to. */
  async alerts(): Promise<readonly Alert[]> {
    const { alerts } = (await this.#get('alerts')) as { alerts: readonly Alert[] };
    return alerts;
  }

  /**
   * What an expression gives now.
   *
   * @throws what Prometheus says of an expression that it does not take
   */
  async query(expression: string): Promise<readonly Result[]> {
    const { result } = (await this.#get(`query?query=${encodeURIComponent(expression)}`)) as {
      result: readonly Result[];
    };
    return result;
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.server.url}/api/v1/${path}`);
    const body = (await response.json()) as { status: string; error?: string; data: unknown };
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`);
    return body.data;
  }
}
