import type { Entries } from './entries.ts';

type Fields = Record<string, string>;

/** Entries of the journal with a field on each line, as lines of JSON: the form that all else is read from. */
abstract class FieldLines implements Entries {
  #rest = '';
  #fields: Fields = {};

  take(text: string): string {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => this.line(line)).join('');
  }

  end(): string {
    const last = this.#rest === '' ? '' : this.line(this.#rest);
    this.#rest = '';
    return last + this.flush();
  }

  protected abstract line(line: string): string;

  protected set(key: string, value: string): void {
    this.#fields[key] ??= value;
  }

  protected get has(): boolean {
    return this.#fields['MESSAGE'] !== undefined;
  }

  /** The entry as one line; nothing without a message. */
  protected flush(): string {
    const entry = this.has ? `${JSON.stringify({ __REALTIME_TIMESTAMP: '', ...this.#fields })}\n` : '';
    this.#fields = {};
    return entry;
  }
}

const field = /^([A-Z_][A-Z0-9_]{0,63})=(.*)$/s;

/** `journalctl -o export` (systemd's Journal Export Formats). */
export class ExportEntries extends FieldLines {
  /** A field that has line breaks: its name alone, its length as eight bytes, its text. */
  #long: string | null = null;

  protected line(line: string): string {
    if (line === '') {
      this.#long = null;
      return this.flush();
    }
    const [, key, value = ''] = field.exec(line) ?? [];
    if (key !== undefined) {
      this.#long = null;
      this.set(key, value);
    } else if (/^[A-Z_][A-Z0-9_]{0,63}$/.test(line)) this.#long = line;
    else if (this.#long !== null) {
      // The first of its lines says what it is.
      this.set(this.#long, line.slice(3, 8) === '\0'.repeat(5) ? line.slice(8) : line);
    }
    return '';
  }
}

/** `journalctl -o verbose`: a line with the cursor, then the fields, indented. */
export class VerboseEntries extends FieldLines {
  protected line(line: string): string {
    const [, hex] = /^\S.*\[s=[0-9a-f]+;i=[^\]]*;t=([0-9a-f]{1,15})[;\]]/.exec(line) ?? [];
    if (hex !== undefined) {
      const before = this.flush();
      // The time in microseconds.
      this.set('__REALTIME_TIMESTAMP', String(Number.parseInt(hex, 16)));
      return before;
    }
    const [, key, value = ''] = field.exec(line.trimStart()) ?? [];
    if (key !== undefined) this.set(key, value);
    return '';
  }
}
