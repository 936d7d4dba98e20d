/** The process of `served-control-plane.ts`. It ends when its parent lets go of it. */
import { createControlPlane } from "../../src/control-plane/index.ts";
import { heapBytes } from "./memory.ts";

const [store = "memory", directory = ""] = process.argv.slice(2);
const plane = await createControlPlane({
  store: store === "lmdb" ? { kind: "lmdb", directory: `${directory}/data` } : { kind: "memory" },
  directory,
  serve: {},
  hasControllers: false,
});
process.on("message", (message) => {
  if (message === "heap") void heapBytes().then((bytes) => process.send?.(bytes));
});
process.on("disconnect", () => {
  void plane.close().then(() => process.exit(0));
});
process.send?.("ready");
