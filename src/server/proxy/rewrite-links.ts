/** Links of a backend's answers as a client of the proxy must follow them. */

/** What links are judged by. */
export type LinkPlace = {
  /** Hosts by which the answer may name the backend itself, with ports. */
  readonly hosts: readonly string[];
  /** What the path of the proxy begins with. */
  readonly pathBefore: string;
};

/** Absolute paths and URLs of the backend lead back through the proxy; others stay. */
export function rewriteLink(link: string, place: LinkPlace): string {
  const match = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/s.exec(link);
  if (match === null) return link;
  const [, host, path = "", rest = ""] = match;
  const isOther = host !== undefined && host !== "" && !place.hosts.includes(host);
  if (isOther || !path.startsWith("/")) return link;
  if (path.startsWith(place.pathBefore)) return `${path}${rest}`;
  return `${place.pathBefore}${path}${rest}`;
}

/** Attributes that hold links, whatever element they are of. */
const LINK_ATTRIBUTES: ReadonlySet<string> = new Set([
  "action",
  "background",
  "cite",
  "classid",
  "codebase",
  "data",
  "formaction",
  "href",
  "icon",
  "longdesc",
  "manifest",
  "poster",
  "profile",
  "src",
  "usemap",
]);

/** The page with its links rewritten; everything else stays as it is. */
export function rewritePage(page: string, place: LinkPlace): string {
  let out = "";
  let at = 0;
  for (;;) {
    const open = page.indexOf("<", at);
    if (open < 0) return out + page.slice(at);
    out += page.slice(at, open);
    at = open;
    if (page.startsWith("<!--", open)) {
      const close = page.indexOf("-->", open);
      at = close < 0 ? page.length : close + 3;
      out += page.slice(open, at);
      continue;
    }
    TAG.lastIndex = open;
    const tag = TAG.exec(page)?.[0];
    if (tag === undefined) {
      out += "<";
      at = open + 1;
      continue;
    }
    at = open + tag.length;
    out += tag;
    const attributes = rewriteAttributes(page, at, place);
    out += attributes.text;
    at = attributes.end;
  }
}

const TAG = /<[A-Za-z][A-Za-z0-9-]*/y;
/** Space, then a name, then perhaps a value with or without quotes. */
const ATTRIBUTE = /([\s/]*)([^\s/>=]+)(\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/y;

function rewriteAttributes(
  page: string,
  from: number,
  place: LinkPlace,
): { readonly text: string; readonly end: number } {
  let text = "";
  let at = from;
  while (at < page.length && page[at] !== ">") {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(page);
    if (match === null) break;
    const [all, , name = "", value] = match;
    const isLink = value !== undefined && LINK_ATTRIBUTES.has(name.toLowerCase());
    text += isLink ? rewriteValue(all, value, place) : all;
    at += all.length;
  }
  return { text, end: at };
}

function rewriteValue(all: string, value: string, place: LinkPlace): string {
  const before = all.slice(0, all.length - value.length);
  const sign = /^\s*=\s*/.exec(value)?.[0] ?? "";
  const text = value.slice(sign.length);
  const quote = text.startsWith('"') || text.startsWith("'") ? text.slice(0, 1) : "";
  const link = quote === "" ? text : text.slice(1, -1);
  return `${before}${sign}${quote}${rewriteLink(link, place)}${quote}`;
}
