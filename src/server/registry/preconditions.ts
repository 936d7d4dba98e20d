/** What a writer may say about the object it means, and how it is told that it is another one. */
import { quoted } from "../../machinery/go-quote.ts";
import type { ApiObject } from "../../machinery/object.ts";
import {
  conflict,
  OBJECT_MODIFIED,
  plainRefusal,
  type StatusError,
} from "../../machinery/status.ts";
import type { Resource } from "./resource.ts";

type Target = {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly verb: string;
  readonly isDryRun: boolean;
};

/** A resource version or uid in what was sent must be that of the object. */
export function checkPreconditions(sent: ApiObject, old: ApiObject, target: Target): void {
  const { resourceVersion = "", uid = "" } = sent.metadata;
  const isWhole = target.verb.startsWith("update"); // the uid of a patch is validated instead
  if (isWhole && uid !== "" && uid !== old.metadata.uid) {
    throw otherUid(uid, old.metadata.uid ?? "", target);
  }
  if (!/^[0-9]*$/.test(resourceVersion)) {
    const why = `parsing ${quoted(resourceVersion)}: invalid syntax`;
    throw plainRefusal(500, "", `strconv.ParseUint: ${why}`);
  }
  const isStated = resourceVersion !== "" && resourceVersion !== "0";
  if (isStated && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(target.resource, target.name, OBJECT_MODIFIED);
  }
}

/** Whoever replaces an object by its uid does not mean to make one. */
export function refuseUid(sent: ApiObject, target: Target): void {
  const { uid = "" } = sent.metadata;
  if (uid !== "" && target.verb === "update") throw otherUid(uid, "", target);
}

/** Where upstream keeps objects, if not under the name of their resource. */
const UPSTREAM_KEYS: Readonly<Record<string, string>> = {
  endpoints: "services/endpoints",
  nodes: "minions",
  replicationcontrollers: "controllers",
  services: "services/specs",
};

/** As upstream's store refuses it, which says where it looked. */
function otherUid(asked: string, uid: string, target: Target): StatusError {
  const { resource, namespace, name, isDryRun } = target;
  const { group, resource: plural, custom } = resource;
  const isQualified = custom !== undefined || group.startsWith("api");
  const kept = Object.hasOwn(UPSTREAM_KEYS, plural) ? UPSTREAM_KEYS[plural] : plural;
  const path = [isQualified ? `${group}/${plural}` : kept, namespace, name];
  const key = [isDryRun ? "" : "/registry", ...path.filter((part) => part !== "")].join("/");
  return conflict(
    resource,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, ` +
      "AdditionalErrorMsg: Precondition failed: " +
      `UID in precondition: ${asked}, UID in object meta: ${uid}`,
  );
}
