/** What a container's image text says, as far as defaults depend on it. */

const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const DOMAIN = /^(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::[0-9]+)?$/;
const DOMAIN_EDGE = /(?:^|\.)-|-(?:\.|:|$)/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const IDENTIFIER = /^[a-f0-9]{64}$/;
const REPOSITORY_LENGTH_MAX = 255;
const TAG = /^\w[\w.-]{0,127}$/;

/** The policy for images that name none: `latest`, spelled out or meant, is pulled each time. */
export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  return imageTag(image) === "latest" ? "Always" : "IfNotPresent";
}

/** The tag of an image; `latest` if it names neither tag nor digest; "" if it is no image name. */
function imageTag(image: string): string {
  const at = image.indexOf("@");
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  if (!isRepository(repository)) return "";
  if (at >= 0 && !DIGEST.test(image.slice(at + 1))) return "";
  if (colon >= 0) {
    const tag = name.slice(colon + 1);
    return TAG.test(tag) ? tag : "";
  }
  return at < 0 ? "latest" : "";
}

function isRepository(text: string): boolean {
  if (text.length > REPOSITORY_LENGTH_MAX || IDENTIFIER.test(text)) return false;
  const [first = "", ...rest] = text.split("/");
  const isDomain = rest.length > 0 && (/[.:A-Z]/.test(first) || first === "localhost");
  const components = isDomain ? rest : [first, ...rest];
  if (isDomain && (!DOMAIN.test(first) || DOMAIN_EDGE.test(first))) return false;
  return components.every((component) => COMPONENT.test(component));
}
