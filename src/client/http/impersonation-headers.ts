/** The headers by which a caller asks to be taken for another user. */
import type { ConnectionOptions } from "./connection-options.ts";
import type { WireHeaders } from "./wire.ts";

/** Keys may hold what header names may not: that is written as in URLs. */
export function impersonationHeaders(
  impersonate: NonNullable<ConnectionOptions["impersonate"]>,
): WireHeaders {
  const { user, uid, groups, extra = {} } = impersonate;
  const others = Object.entries(extra).map(([key, values]) => [
    `impersonate-extra-${escapedKey(key)}`,
    values,
  ]);
  return {
    "impersonate-user": user,
    ...(uid === undefined ? {} : { "impersonate-uid": uid }),
    ...(groups === undefined ? {} : { "impersonate-group": groups }),
    ...Object.fromEntries(others),
  };
}

/** Servers read names in lower case, whatever is sent. */
function escapedKey(key: string): string {
  return [...new TextEncoder().encode(key.toLowerCase())]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      const isPlain = byte < 0x7f && /[a-z0-9!#$&'*+.^_`|~-]/.test(character);
      return isPlain ? character : `%${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}
