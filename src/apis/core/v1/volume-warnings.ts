/** Files of one volume that hide each other, because two sources give them one path. */
import type { Volume, VolumeProjection } from "./types.generated.ts";

type Placed = { readonly path: string; readonly source: string };

/** What is said of volumes in which that happens. */
export function virtualPathWarnings(volumes: readonly Volume[]): readonly string[] {
  return volumes.flatMap((volume) => {
    const { name, configMap, secret, downwardAPI, projected } = volume;
    const told = (kind: string, paths: readonly Placed[]): readonly string[] =>
      overlaps(paths).map((text) => `volume "${name}" (${kind}): overlapping paths: ${text}`);
    return [
      ...told(`ConfigMap "${configMap?.name ?? ""}"`, placed(configMap?.items, "")),
      ...told(`Secret "${secret?.secretName ?? ""}"`, placed(secret?.items, "")),
      ...told("DownwardAPI", placed(downwardAPI?.items, "")),
      ...(projected?.sources ?? [])
        .filter((source) => Object.keys(source).length === 0)
        .map(() => `volume "${name}" (Projected) has no sources provided`),
      ...told("Projected", (projected?.sources ?? []).flatMap(projectedPaths)),
    ];
  });
}

function projectedPaths(source: VolumeProjection): readonly Placed[] {
  const { configMap, secret, downwardAPI, serviceAccountToken: token } = source;
  if (configMap?.items !== undefined) {
    return placed(configMap.items, `ConfigMap "${configMap.name ?? ""}"`);
  }
  if (secret?.items !== undefined) return placed(secret.items, `Secret "${secret.name ?? ""}"`);
  if (downwardAPI?.items !== undefined) return placed(downwardAPI.items, "DownwardAPI");
  return token === undefined ? [] : placed([token], "ServiceAccountToken");
}

function placed(
  items: readonly { readonly path: string }[] | undefined,
  source: string,
): readonly Placed[] {
  return (items ?? []).map(({ path }) => ({ path: path.replace(/\/+$/, ""), source }));
}

/** Each path with those before it that are the same, above it or below it. */
function overlaps(paths: readonly Placed[]): readonly string[] {
  return paths.flatMap((placed, index) =>
    paths
      .slice(0, index)
      .filter((other) => isOneBelow(placed.path, other.path))
      .map((other) => `${placedText(placed)} with ${placedText(other)}`),
  );
}

function isOneBelow(a: string, b: string): boolean {
  if (a === "" || b === "") return false;
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

function placedText({ path, source }: Placed): string {
  return source === "" ? `"${path}"` : `"${path}" (${source})`;
}
