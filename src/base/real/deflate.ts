/** Compression by Node's zlib, which is loaded with the first use. */
import { getBuiltinModule } from "node:process";
import type { Compression } from "../compression.ts";

/** The fastest level: text of which most is said again and again gains little by more. */
const LEVEL = 1;

/** Raw deflate. */
export const deflate: Compression = {
  pack: (bytes) => getBuiltinModule("node:zlib").deflateRawSync(bytes, { level: LEVEL }),
  unpack: (packed) => getBuiltinModule("node:zlib").inflateRawSync(packed),
};
