/** Makes bytes fewer, and gives them back. Both answer at once. */
export interface Compression {
  pack(bytes: Uint8Array): Uint8Array;
  unpack(packed: Uint8Array): Uint8Array;
}
