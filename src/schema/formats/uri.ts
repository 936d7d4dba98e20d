/** Request URIs as Go's net/url reads them: absolute, or an absolute path. */

/** Whether the text is an absolute URI or an absolute path. */
export function isRequestUri(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused.
  if (text === "" || /[\u0000-\u001f\u007f]/.test(text)) return false;
  if (text === "*") return true;
  if (text.startsWith(":")) return false;
  const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.exec(text)?.[0] ?? "";
  const [rest = ""] = text.slice(scheme.length).split("?", 1);
  if (!rest.startsWith("/")) return scheme !== "";
  if (scheme === "" || !rest.startsWith("//")) return hasSoundEscapes(rest);
  const slash = rest.indexOf("/", 2);
  const end = slash < 0 ? rest.length : slash;
  return isAuthority(rest.slice(2, end)) && hasSoundEscapes(rest.slice(end));
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf("@");
  if (at >= 0 && !isUserInfo(authority.slice(0, at))) return false;
  const host = authority.slice(at + 1);
  if (!host.startsWith("[")) {
    const colon = host.lastIndexOf(":");
    return (colon < 0 || isPort(host.slice(colon))) && isHost(host);
  }
  const bracket = host.lastIndexOf("]");
  return bracket > 0 && isPort(host.slice(bracket + 1)) && isHost(host.slice(0, bracket + 1));
}

function isUserInfo(text: string): boolean {
  return !/[^A-Za-z0-9\-._:~!$&'()*+,;=%@]/.test(text) && hasSoundEscapes(text);
}

function isPort(text: string): boolean {
  return text === "" || /^:\d*$/.test(text);
}

/** In a host, only what is not ASCII may be escaped; `%25` begins a zone. */
function isHost(text: string): boolean {
  if (/[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\u0080-\uffff]/.test(text)) return false;
  return !/%(?!25|[89a-fA-F][0-9a-fA-F])/.test(text);
}

function hasSoundEscapes(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}
