import { describe, expect, test } from "vitest";
import {
  EXPANDED_ENTRIES_MAX,
  rootArguments,
  type RootPlan,
  type TreeEntry,
} from "./sandbox-root.ts";

const TREE: Readonly<Record<string, readonly TreeEntry[]>> = {
  "/": [
    { kind: "link", name: "bin", target: "usr/bin" },
    { kind: "directory", name: "data" },
    { kind: "directory", name: "dev" },
    { kind: "directory", name: "etc" },
    { kind: "file", name: "initrd" },
    { kind: "directory", name: "proc" },
    { kind: "directory", name: "run" },
    { kind: "other", name: "socket" },
    { kind: "directory", name: "tmp" },
    { kind: "directory", name: "usr" },
  ],
  "/data": [],
  "/etc": [
    { kind: "file", name: "hosts" },
    { kind: "directory", name: "ssl" },
  ],
  "/etc/ssl": [],
  "/usr": [{ kind: "directory", name: "bin" }],
};

const PLAN: RootPlan = {
  mounts: [],
  tmpPath: "/state/tmp",
  hiddenPaths: [],
  shownPaths: [],
  devices: "own",
};

async function argsOf(plan: Partial<RootPlan>): Promise<string> {
  const read = (path: string) => Promise.resolve(TREE[path]);
  return (await rootArguments({ ...PLAN, ...plan }, read)).join(" ");
}

function mount(containerPath: string, isReadOnly = false) {
  return { hostPath: "/volumes/v", containerPath, isReadOnly };
}

describe("a container's root", () => {
  test("is the node's, read-only, with private places", async () => {
    expect(await argsOf({})).toBe(
      [
        "--symlink usr/bin /bin",
        "--ro-bind /data /data",
        "--ro-bind /etc /etc",
        "--ro-bind /initrd /initrd",
        "--ro-bind /usr /usr",
        "--proc /proc --dev /dev --tmpfs /run --bind /state/tmp /tmp",
        "--remount-ro /",
      ].join(" "),
    );
  });

  test("takes a volume where the node has a directory", async () => {
    const args = await argsOf({ mounts: [mount("/etc/ssl", true)] });
    expect(args).toContain("--ro-bind /etc /etc");
    expect(args).toContain("--ro-bind /volumes/v /etc/ssl");
  });

  test("is put together anew where the node lacks the mount point", async () => {
    const args = await argsOf({ mounts: [mount("/etc/app/deep")] });
    expect(args).not.toContain("--ro-bind /etc /etc");
    expect(args).toContain("--dir /etc --ro-bind /etc/hosts /etc/hosts");
    expect(args).toContain("--ro-bind /etc/ssl /etc/ssl");
    expect(args).toContain("--bind /volumes/v /etc/app/deep");
  });

  test("takes volumes at the top, and in private places, as they are", async () => {
    const args = await argsOf({ mounts: [mount("/new"), mount("/tmp/x"), mount("/run/y")] });
    expect(args).toContain("--ro-bind /etc /etc");
    expect(args).toContain("--bind /volumes/v /new");
    expect(args.indexOf("--bind /state/tmp /tmp")).toBeLessThan(args.indexOf("/tmp/x"));
  });

  test("mounts outer volumes before inner ones", async () => {
    const args = await argsOf({ mounts: [mount("/etc/ssl/inner"), mount("/etc/ssl")] });
    expect(args.indexOf("/volumes/v /etc/ssl ")).toBeLessThan(args.indexOf("/etc/ssl/inner"));
  });

  test("hides what must not be seen, and shows what must", async () => {
    const args = await argsOf({
      hiddenPaths: ["/data", "/tmp/state"],
      shownPaths: ["/data/images", "/tmp/images", "/run/resolver", "/usr/share"],
    });
    expect(args).toContain("--tmpfs /data --ro-bind /data/images /data/images");
    expect(args).toContain("--ro-bind /tmp/images /tmp/images");
    expect(args).toContain("--ro-bind /run/resolver /run/resolver");
    expect(args).not.toContain("/tmp/state");
    expect(args).not.toContain("/usr/share");
  });

  test("borrows the node's devices where it could not be entered with its own", async () => {
    const args = await argsOf({ devices: "borrowed" });
    expect(args).not.toContain("--dev /dev");
    expect(args).toContain("--tmpfs /dev --dev-bind /dev/null /dev/null");
  });

  test("is refused when too much would have to be bound one by one", async () => {
    const many = Array.from({ length: EXPANDED_ENTRIES_MAX }, (_, index) => ({
      kind: "file" as const,
      name: `f${index}`,
    }));
    const read = (path: string) => Promise.resolve(path === "/etc" ? many : TREE[path]);
    const plan = { ...PLAN, mounts: [mount("/etc/app")] };
    await expect(rootArguments(plan, read)).rejects.toThrow("too many files");
  });
});
