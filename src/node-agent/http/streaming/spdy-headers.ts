/**
 * Header blocks of SPDY/3: counted name and value pairs, compressed with one zlib stream for each
 * direction of a connection, which starts from the dictionary of the specification.
 */
import { createDeflate, createInflate, constants, type Deflate, type Inflate } from "node:zlib";
import { SpdyError } from "./spdy-frames.ts";

export type SpdyHeaders = Readonly<Record<string, string>>;

/** A block that grows beyond this is refused. */
export const SPDY_HEADER_BYTES_MAX: number = 64 * 1024;
const PAIRS_MAX = 256;

/** Names and values that are counted in the dictionary, in its order (SPDY/3, section 2.6.10.1). */
const WORDS =
  "options head post put delete trace accept accept-charset accept-encoding accept-language " +
  "accept-ranges age allow authorization cache-control connection content-base content-encoding " +
  "content-language content-length content-location content-md5 content-range content-type date " +
  "etag expect expires from host if-match if-modified-since if-none-match if-range " +
  "if-unmodified-since last-modified location max-forwards pragma proxy-authenticate " +
  "proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade " +
  "user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url " +
  "public set-cookie keep-alive origin";
const REST =
  "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505" +
  "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 " +
  "Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service " +
  "UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, " +
  "Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml," +
  "application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdch" +
  "charset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

export const SPDY_DICTIONARY: Buffer = Buffer.concat([
  ...WORDS.split(" ").map((word) => counted(word.replace("_", " "))),
  Buffer.from(REST, "latin1"),
]);

/** Reads the blocks of one direction, in their order. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: SPDY_DICTIONARY });
  #failure: Error | undefined;

  constructor() {
    this.#inflate.on("error", (error) => {
      this.#failure = error;
    });
  }

  async read(block: Buffer): Promise<SpdyHeaders> {
    const parts: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= SPDY_HEADER_BYTES_MAX) parts.push(chunk);
    };
    this.#inflate.on("data", take);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#inflate.once("error", reject);
        this.#inflate.write(block, (error) => {
          this.#inflate.off("error", reject);
          if (error) reject(error);
          else resolve();
        });
      });
    } catch (error) {
      throw new SpdyError("headers cannot be inflated", { cause: error });
    } finally {
      this.#inflate.off("data", take);
    }
    if (this.#failure !== undefined) throw new SpdyError("headers cannot be inflated");
    if (length > SPDY_HEADER_BYTES_MAX) throw new SpdyError("headers are too large");
    return readPairs(Buffer.concat(parts));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

/** Writes the blocks of one direction, in their order. */
export class HeaderWriter {
  readonly #deflate: Deflate = createDeflate({
    dictionary: SPDY_DICTIONARY,
    flush: constants.Z_SYNC_FLUSH,
  });

  async write(headers: SpdyHeaders): Promise<Buffer> {
    const parts: Buffer[] = [];
    const take = (chunk: Buffer): void => void parts.push(chunk);
    this.#deflate.on("data", take);
    await new Promise<void>((resolve, reject) => {
      this.#deflate.write(writePairs(headers), (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    this.#deflate.off("data", take);
    return Buffer.concat(parts);
  }

  close(): void {
    this.#deflate.destroy();
  }
}

function readPairs(bytes: Buffer): SpdyHeaders {
  let at = 0;
  const number = (): number => {
    if (at + 4 > bytes.length) throw new SpdyError("headers end too early");
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const length = number();
    if (at + length > bytes.length) throw new SpdyError("headers end too early");
    at += length;
    return bytes.toString("latin1", at - length, at);
  };
  const count = number();
  if (count > PAIRS_MAX) throw new SpdyError("there are too many headers");
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index < count; index += 1) pairs.push([text().toLowerCase(), text()]);
  return Object.fromEntries(pairs);
}

function writePairs(headers: SpdyHeaders): Buffer {
  const pairs = Object.entries(headers);
  const count = Buffer.alloc(4);
  count.writeUInt32BE(pairs.length, 0);
  return Buffer.concat([
    count,
    ...pairs.flatMap(([name, value]) => [counted(name.toLowerCase()), counted(value)]),
  ]);
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length, 0);
  return Buffer.concat([length, bytes]);
}
