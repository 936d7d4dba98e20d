/** Containers that join a pod to look into it: they serve nothing, and promise nothing. */
import type { FieldError } from "../../../machinery/status.ts";
import { duplicate, errorIf, forbidden, notFound } from "../../field-errors.ts";
import { commonContainerErrors, imageSpaceErrors, type PodScope } from "./container-validation.ts";
import type { EphemeralContainer, PodSpec } from "./types.generated.ts";

const NOT_ALLOWED = [
  "ports",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

const DETAIL = "cannot be set for an Ephemeral Container";

/** What is wrong with them. */
export function ephemeralContainerErrors(
  field: string,
  spec: PodSpec,
  scope: PodScope,
): readonly FieldError[] {
  const others = new Set(
    [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name),
  );
  const names = new Set(others);
  return (spec.ephemeralContainers ?? []).flatMap((container, index) => {
    const path = `${field}[${index}]`;
    const { name, targetContainerName: target = "" } = container;
    const isTaken = names.has(name);
    names.add(name);
    return [
      ...commonContainerErrors(path, container, scope),
      ...imageSpaceErrors(`${path}.image`, container.image ?? ""),
      ...errorIf(isTaken, duplicate(`${path}.name`, name)),
      ...errorIf(
        target !== "" && !others.has(target),
        notFound(`${path}.targetContainerName`, target),
      ),
      ...fieldErrors(path, container),
    ];
  });
}

function fieldErrors(path: string, container: EphemeralContainer): readonly FieldError[] {
  const hasAmounts = Object.keys(container.resources ?? {}).length > 0;
  return [
    ...NOT_ALLOWED.filter((name) => container[name] !== undefined).map((name) =>
      forbidden(`${path}.${name}`, DETAIL),
    ),
    ...errorIf(hasAmounts, forbidden(`${path}.resources`, DETAIL)),
    ...(container.volumeMounts ?? []).flatMap((mount, index) =>
      (["subPath", "subPathExpr"] as const)
        .filter((name) => (mount[name] ?? "") !== "")
        .map((name) => forbidden(`${path}.volumeMounts[${index}].${name}`, DETAIL)),
    ),
  ];
}
