/** One byte says whether the message is compressed, four give its length. */
const prefixBytes = 5;

/** A message as gRPC sends it. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(prefixBytes + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, prefixBytes);
  return framed;
}

/** Splits the body of an answer into its messages: one may come in several chunks, and several in one. */
export class FrameSplitter {
  readonly #maxBytes: number;
  #rest: Buffer[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes a chunk; the messages that are complete now.
   *
   * @throws when a message is compressed, which was not requested, or longer than the limit
   */
  push(chunk: Buffer): Buffer[] {
    this.#rest.push(chunk);
    this.#length += chunk.length;
    const messages: Buffer[] = [];
    for (let message = this.#take(); message !== null; message = this.#take()) messages.push(message);
    return messages;
  }

  #take(): Buffer | null {
    if (this.#length < prefixBytes) return null;
    const prefix = this.#firstBytes();
    if (prefix[0] !== 0) throw new Error('the answer is compressed, which was not requested');
    const length = prefix.readUInt32BE(1);
    if (length > this.#maxBytes) throw new Error(`a message of ${length} bytes is too long`);
    const end = prefixBytes + length;
    if (this.#length < end) return null;
    const all = this.#joined();
    const message = all.subarray(prefixBytes, end);
    this.#rest = all.length > end ? [all.subarray(end)] : [];
    this.#length -= end;
    return message;
  }

  #firstBytes(): Buffer {
    const [first] = this.#rest;
    return first !== undefined && first.length >= prefixBytes ? first : this.#joined();
  }

  /** Joins only a complete message: a long one comes in hundreds of chunks. */
  #joined(): Buffer {
    if (this.#rest.length > 1) this.#rest = [Buffer.concat(this.#rest)];
    return this.#rest[0] ?? Buffer.alloc(0);
  }
}
