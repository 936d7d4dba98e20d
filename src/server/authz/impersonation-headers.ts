/** `Impersonate-User`, `-Uid`, `-Group` and `-Extra-…`: for whom a request asks to be made. */
import type { UserInfo } from "../../machinery/request.ts";
import { badRequest } from "../../machinery/status.ts";
import { extraOf, listHeader } from "../authn/identity-headers.ts";

type Headers = Readonly<Record<string, string>>;

const PREFIX = "impersonate-";
const EXTRA_PREFIX = "impersonate-extra-";

/** Whom the headers name, as they do; undefined: nobody. Throws 400 when they name no user. */
export function wantedUser(headers: Headers): UserInfo | undefined {
  const names = Object.keys(headers).filter(isImpersonation);
  if (names.length === 0) return undefined;
  const [name = ""] = listHeader(headers, "impersonate-user");
  const [uid = ""] = listHeader(headers, "impersonate-uid");
  const groups = listHeader(headers, "impersonate-group");
  const { extra } = extraOf(headers, EXTRA_PREFIX);
  if (name === "") {
    if (uid === "" && groups.length === 0 && extra === undefined) return undefined;
    throw badRequest(`requested ${printed(uid, groups, extra)} without impersonating a user name`);
  }
  return {
    name,
    groups,
    ...(uid === "" ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** The headers without those that name somebody else. */
export function withoutImpersonation(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isImpersonation(name)));
}

function isImpersonation(name: string): boolean {
  return (
    name === `${PREFIX}user` ||
    name === `${PREFIX}uid` ||
    name === `${PREFIX}group` ||
    name.startsWith(EXTRA_PREFIX)
  );
}

/** As upstream prints a user. */
function printed(uid: string, groups: readonly string[], extra: UserInfo["extra"]): string {
  const list = (values: readonly string[]): string =>
    `[]string{${values.map((value) => JSON.stringify(value)).join(", ")}}`;
  const groupsText = groups.length === 0 ? "[]string(nil)" : list(groups);
  const entries = Object.entries(extra ?? {}).map(
    ([key, values]) => `${JSON.stringify(key)}:${list(values)}`,
  );
  const extraText =
    extra === undefined ? "map[string][]string(nil)" : `map[string][]string{${entries.join(", ")}}`;
  return (
    `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${groupsText}, ` +
    `Extra:${extraText}}`
  );
}
