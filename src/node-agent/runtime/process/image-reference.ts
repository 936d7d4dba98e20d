/** What an image name means to a runtime without registries. Pure. */
import { RuntimeError } from "../runtime.ts";

export type ImageReference =
  /** The node's own files. */
  | { readonly kind: "host" }
  /** An application directory by name. */
  | { readonly kind: "named"; readonly name: string; readonly tag: string }
  /** An application directory by path. */
  | { readonly kind: "path"; readonly path: string };

const NAME_MAX = 255;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST_PORT = /^[a-zA-Z0-9.-]+(?::\d+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Throws `invalid-image-name` for what no image can be called. */
export function parseImageReference(image: string): ImageReference {
  if (image.startsWith("file://")) return { kind: "path", path: filePath(image) };
  const { name, tag } = splitTag(image);
  const parts = name.split("/");
  if (name === "" || name.length > NAME_MAX) throw invalid(image, "invalid reference format");
  const isHosted = parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? "");
  const path = isHosted ? parts.slice(1) : parts;
  if (isHosted && !HOST_PORT.test(parts[0] ?? "")) throw invalid(image, "invalid reference format");
  if (/[A-Z]/.test(path.join("/"))) {
    throw invalid(image, "invalid reference format: repository name must be lowercase");
  }
  if (!path.every((part) => COMPONENT.test(part)) || !TAG.test(tag)) {
    throw invalid(image, "invalid reference format");
  }
  return parts[0] === "host" ? { kind: "host" } : { kind: "named", name, tag };
}

function splitTag(image: string): { readonly name: string; readonly tag: string } {
  const [plain = ""] = image.split("@");
  const colon = plain.lastIndexOf(":");
  if (colon < 0 || colon < plain.lastIndexOf("/")) return { name: plain, tag: "latest" };
  return { name: plain.slice(0, colon), tag: plain.slice(colon + 1) };
}

function filePath(image: string): string {
  const path = image.slice("file://".length);
  const isPlain = path.startsWith("/") && !path.includes("\0") && !path.split("/").includes("..");
  if (!isPlain) throw invalid(image, "file:// is followed by an absolute path without ..");
  return path;
}

function invalid(image: string, why: string): RuntimeError {
  return new RuntimeError("invalid-image-name", `couldn't parse image name "${image}": ${why}`);
}
