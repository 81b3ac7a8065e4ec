import type { Zone } from '../base/zone.ts';
import type { OpenLink } from '../wire/link.ts';
import { HeldPast } from './held-past.ts';
import { faster, slower } from './intervals.ts';
import { LinkFollower } from './link-follower.ts';
import { PastRing } from './past-ring.ts';
import { SnapshotCell } from './snapshot-cell.ts';
import { isMove, type SourceCommand, type TimeCommand } from './time-command.ts';
import type { TimeNotice } from './time-notice.ts';
import type { LiveFeed, SampleRecorder, TimeSnapshot, TimeSource } from './time-source.ts';

export interface LiveSourceOptions {
  readonly open: OpenLink;
  /** How often the sampler reads, milliseconds. */
  readonly intervalMs: number;
  /** Null where there is no directory to record to. */
  readonly recorder?: SampleRecorder | null;
}

/** A recording begins that long before the key that starts it, milliseconds. */
const recordedBeforeMs = 60_000;

/** A live node: the newest that its link brings, or, held still, a moment of the last hour. */
export class LiveSource implements TimeSource {
  readonly #recorder: SampleRecorder | null;
  readonly #ring = new PastRing();
  readonly #node: LinkFollower;
  readonly #cell = new SnapshotCell(() => this.#build());
  #intervalMs: number;
  #past: HeldPast | null = null;
  #notify: (notice: TimeNotice) => void = () => {};

  readonly getSnapshot = this.#cell.get;
  readonly subscribe = this.#cell.subscribe;

  constructor({ open, intervalMs, recorder = null }: LiveSourceOptions) {
    this.#intervalMs = intervalMs;
    this.#recorder = recorder;
    this.#node = new LinkFollower({
      open,
      onSample: (sample, before) => {
        this.#ring.take(sample, before);
        recorder?.write(sample);
      },
      onChange: this.#cell.changed,
    });
  }

  start(onNotice: (notice: TimeNotice) => void): void {
    this.#notify = onNotice;
    this.#node.start();
  }

  close(): void {
    this.#past?.close();
    this.#node.close();
  }

  obey(command: TimeCommand | SourceCommand): void {
    if (isMove(command)) {
      this.#hold()?.move(command);
      return;
    }
    switch (command) {
      case 'pause':
        if (this.#past === null) this.#hold();
        else this.#goOn();
        return;
      case 'play-slower':
      case 'play-faster':
        this.#notify({ kind: 'not-played' });
        return;
      case 'slower':
        this.#changeInterval(slower(this.#intervalMs));
        return;
      case 'faster':
        this.#changeInterval(faster(this.#intervalMs));
        return;
      case 'record':
        this.#record();
        return;
    }
  }

  seek(text: string, zone: Zone): void {
    this.#hold()?.seek(text, zone);
  }

  #hold(): HeldPast | null {
    if (this.#past !== null) return this.#past;
    const held = this.#node.newest;
    if (held.model.at === 0) {
      this.#notify({ kind: 'nothing-yet' });
      return null;
    }
    this.#past = new HeldPast({
      ring: this.#ring,
      held,
      markers: () => this.#node.newest.markers,
      onChange: this.#cell.changed,
      onNotice: (notice) => this.#notify(notice),
    });
    this.#cell.changed();
    return this.#past;
  }

  #goOn(): void {
    this.#past?.close();
    this.#past = null;
    this.#cell.changed();
  }

  #changeInterval(intervalMs: number): void {
    const { askInterval } = this.#node;
    if (askInterval === null) this.#notify({ kind: 'interval-elsewhere' });
    else if (intervalMs !== this.#intervalMs) {
      this.#intervalMs = intervalMs;
      askInterval(intervalMs);
      this.#cell.changed();
    }
  }

  #record(): void {
    const recorder = this.#recorder;
    if (recorder === null) this.#notify({ kind: 'no-recorder' });
    else if (recorder.isOn) void recorder.stop();
    else {
      const host = this.#node.newest.model.host?.hostname ?? 'node';
      recorder.start(host, this.#ring.last(recordedBeforeMs), (state) => {
        this.#notify({ kind: 'recording', state });
        this.#cell.changed();
      });
      this.#notify({ kind: 'recording-started', file: recorder.state?.file ?? '' });
      this.#cell.changed();
    }
  }

  #build(): TimeSnapshot {
    const { model, verdicts } = this.#past?.shown ?? this.#node.newest;
    const timeline = this.#past?.timeline ?? null;
    return { model, verdicts, timeline, feed: this.#feed(timeline?.cursor ?? null) };
  }

  #feed(cursor: number | null): LiveFeed {
    const { link, heardAt, model } = this.#node.newest;
    return {
      kind: 'live',
      link,
      heardAt,
      pastMs: cursor === null ? 0 : Math.max(0, model.at - cursor),
      sampler: model.sampler,
      intervalMs: this.#intervalMs,
      recordedBytes: this.#recorder?.isOn ? (this.#recorder.state?.bytes ?? 0) : null,
    };
  }
}
