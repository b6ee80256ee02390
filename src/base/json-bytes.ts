/**
 * JSON text in UTF-8 that grows with what is put into it, to be used again and again: values go from bytes to bytes
 * without a string between. Refuses nothing; whoever puts reserves first. Spec: RFC 8259.
 */

/** Bytes that grow with what is put into them; to be used again and again. */
export class JsonBytes {
  bytes: Buffer = Buffer.alloc(65_536);
  view: DataView = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  length = 0;

  /** Makes sure that `size` more bytes fit. */
  reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const grown = Buffer.alloc(Math.max(this.bytes.length * 2, this.length + size));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
    this.view = new DataView(grown.buffer, grown.byteOffset, grown.length);
  }

  put(text: string): void {
    this.reserve(text.length * 3);
    this.length += this.bytes.write(text, this.length, "utf8");
  }

  /** What was put, as bytes that the next put may change. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}
