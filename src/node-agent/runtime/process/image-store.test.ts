import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseImageReference } from "./image-reference.ts";
import { ImageStore } from "./image-store.ts";

describe("an image name", () => {
  const named = (name: string, tag = "latest") => ({ kind: "named", name, tag });
  const good = [
    ["host", { kind: "host" }],
    ["host:1", { kind: "host" }],
    ["host/anything/else:2", { kind: "host" }],
    ["web", named("web")],
    ["web:1.2_3", named("web", "1.2_3")],
    ["team/web-app:1", named("team/web-app", "1")],
    ["docker.io/library/nginx:1", named("docker.io/library/nginx", "1")],
    ["localhost:5000/web", named("localhost:5000/web")],
    ["web@sha256:0123", named("web")],
    ["file:///opt/app", { kind: "path", path: "/opt/app" }],
  ] as const;
  test.each(good)("%s is understood", (text, reference) => {
    expect(parseImageReference(text)).toEqual(reference);
  });

  const bad = ["", ":1", "Web", "a/../b", "/abs", "a//b", "a:", "a:b:c!", "file://rel", "a b"];
  test.each(bad)("%j is refused", (text) => {
    expect(() => parseImageReference(text)).toThrow(`couldn't parse image name "${text}"`);
  });

  test("a file path never climbs", () => {
    expect(() => parseImageReference("file:///a/../b")).toThrow("without ..");
  });
});

describe("an image store", () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "setpoint-images-")));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const put = async (path: string, content: unknown): Promise<void> => {
    await mkdir(join(root, path), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(join(root, path, "image.json"), text);
  };

  test("finds images in its directories in order, and lists them", async () => {
    await put("a/web/1", { entrypoint: ["first"] });
    await put("b/web/1", { entrypoint: ["second"] });
    await put("b/team/app/latest", { cmd: ["x"], env: { A: "1" }, workingDir: "src" });
    const store = new ImageStore([join(root, "a"), join(root, "b"), join(root, "none")]);
    expect(await store.find("web:1")).toMatchObject({ entrypoint: ["first"] });
    expect(await store.find("team/app")).toEqual({
      id: `file://${root}/b/team/app/latest`,
      entrypoint: [],
      cmd: ["x"],
      env: { A: "1" },
      workingDir: join(root, "b/team/app/latest/src"),
      directory: join(root, "b"),
    });
    expect(await store.list()).toEqual(["team/app:latest", "web:1"]);
  });

  test("says what it knows when it does not know an image", async () => {
    await put("web/1", {});
    const store = new ImageStore([root]);
    await expect(store.find("nginx:1.27")).rejects.toMatchObject({
      kind: "image-not-found",
      message: expect.stringMatching(/"nginx:1.27" is not on this node.*known: host, web:1/),
    });
    await expect(store.find("file:///no/such")).rejects.toThrow("there is no /no/such/image.json");
  });

  const broken = [
    ["{", "describes no image"],
    ["[]", "not a JSON object"],
    [{ entrypoint: "node" }, "entrypoint is not a list of texts"],
    [{ cmd: [1] }, "cmd is not a list of texts"],
    [{ env: { A: 1 } }, "env.A is not text"],
    [{ workingDir: 1 }, "workingDir is not text"],
  ] as const;
  test.each(broken)("says what is wrong with %j", async (content, message) => {
    await put("web/1", content);
    await expect(new ImageStore([root]).find("web:1")).rejects.toThrow(message);
  });
});
