/** What the provider offers, and how it says no: `http-dns.ts` asks it, `fake-dns.ts` is one. */

export type RecordContent = {
  /** The whole name, e.g. `www.example.dev`. */
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
  readonly ttl: number;
  /** A tag: who manages the record; "" is nobody. */
  readonly owner: string;
};
export type DnsEntry = RecordContent & { readonly id: string };

/** Of a domain, or of who manages them. */
export type RecordQuery = { readonly domain: string } | { readonly owner: string };

export interface DnsApi {
  /** Always as it is now; undefined: there is none. */
  get(id: string, signal: AbortSignal): Promise<DnsEntry | undefined>;
  /** Eventually consistent: may lag behind by up to `LIST_LAG_MS`. */
  list(query: RecordQuery, signal: AbortSignal): Promise<readonly DnsEntry[]>;
  /** The same key again answers what it answered before, and makes no second record. */
  create(content: RecordContent, idempotencyKey: string, signal: AbortSignal): Promise<DnsEntry>;
  /** Undefined: there is none. */
  update(id: string, content: RecordContent, signal: AbortSignal): Promise<DnsEntry | undefined>;
  /** That there is none is as good. */
  delete(id: string, signal: AbortSignal): Promise<void>;
}

/** What the provider promises: a change is in its lists after this long. */
export const LIST_LAG_MS = 30_000;

/** The provider said no, or nothing. */
export class DnsApiError extends Error {
  override readonly name = "DnsApiError";
  /** Of HTTP; 0: no answer came, so it is not known whether it was done. */
  readonly status: number;
  /** How long it asks us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, message: string, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The whole name of a record: `@` is the domain itself. */
export function fullName(name: string, domain: string): string {
  return name === "@" ? domain : `${name}.${domain}`;
}
