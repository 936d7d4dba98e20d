import { expect, test } from "vitest";
import { LocalView, LOST_WRITE_MS } from "./local-view.ts";
import type { InformerEvent } from "./shared-informer-types.ts";
import { stateText, type Thing } from "./testing/fake-history.ts";

/** `a:u1@7` is the object `a` of the life `u1` at revision 7. */
function aThing(text: string): Thing {
  const [name = "", state = ""] = text.split(":");
  const [uid = "", resourceVersion = ""] = state.split("@");
  const metadata = { name, namespace: "ns", uid, resourceVersion };
  return { apiVersion: "v1", kind: "Thing", metadata, value: 0 };
}

class Play {
  nowMs = 0;
  readonly view = new LocalView<Thing>({}, undefined, () => this.nowMs);
  readonly #told: string[] = [];
  #hasListed = false;

  list(revision: number, ...objects: readonly string[]): void {
    const things = objects.map(aThing);
    this.view.replace(things, String(revision), !this.#hasListed, this.#emit);
    this.#hasListed = true;
  }
  put(text: string): void {
    this.view.put(aThing(text), this.#emit);
  }
  remove(text: string): void {
    this.view.remove(aThing(text), this.#emit);
  }
  wrote(text: string, sentAfter?: number): void {
    this.view.wrote(aThing(text), sentAfter);
  }
  deleted(text: string): void {
    const thing = aThing(text);
    this.view.deleted(
      { namespace: "ns", name: thing.metadata.name ?? "" },
      thing.metadata.uid ?? "",
    );
  }

  /** What the lister shows. */
  get shown(): string {
    return this.view.indexer.list().map(text).join(" ");
  }

  /** What listeners heard since the last look. */
  get told(): string {
    return this.#told.splice(0).join(", ");
  }

  readonly #emit = (event: InformerEvent<Thing>): void => {
    switch (event.kind) {
      case "add":
        this.#told.push(`${event.isInitial ? "initial" : "add"} ${text(event.object)}`);
        return;
      case "update":
        this.#told.push(`${text(event.old)}->${stateText(event.object, false)}`);
        return;
      case "delete":
        this.#told.push(`${event.isFinalStateUnknown ? "missed" : "delete"} ${text(event.object)}`);
    }
  };
}

function text(object: Thing): string {
  return `${object.metadata.name}:${stateText(object, false)}`;
}

test("events are told as changes of what was told before", () => {
  const play = new Play();
  play.list(10, "a:u1@7", "b:u2@8");
  expect(play.told).toBe("initial a:u1@7, initial b:u2@8");
  play.put("a:u1@11");
  play.put("c:u3@12");
  play.remove("b:u2@13");
  expect(play.told).toBe("a:u1@7->u1@11, add c:u3@12, delete b:u2@13");
  expect(play.shown).toBe("a:u1@11 c:u3@12");
  expect(play.view.revision).toBe(13);
});

test("a later list tells the differences, and missed deletions with the last state seen", () => {
  const play = new Play();
  play.list(10, "a:u1@7", "b:u2@8", "c:u3@9");
  void play.told;
  play.list(20, "a:u1@7", "c:u5@19", "d:u4@15");
  expect(play.told).toBe("c:u3@9->u5@19, add d:u4@15, missed b:u2@8");
  expect(play.shown).toBe("a:u1@7 c:u5@19 d:u4@15");
});

test("an event that brings nothing new is not told", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  void play.told;
  play.put("a:u1@7");
  play.put("a:u1@6");
  play.remove("x:u9@9");
  expect(play.told).toBe("");
  expect(play.shown).toBe("a:u1@7");
});

test("an own write is shown at once, and told when the watch brings it", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  void play.told;
  play.wrote("a:u1@12");
  play.wrote("n:u2@13");
  expect(play.told).toBe("");
  expect(play.shown).toBe("a:u1@12 n:u2@13");
  play.put("a:u1@11"); // someone else's, in between
  expect(play.told).toBe("a:u1@7->u1@11");
  expect(play.shown).toBe("a:u1@12 n:u2@13");
  play.put("a:u1@12");
  play.put("n:u2@13");
  expect(play.told).toBe("a:u1@11->u1@12, add n:u2@13");
  expect(play.shown).toBe("a:u1@12 n:u2@13");
  expect(play.view.overlayCount).toBe(0);
});

test("a reply that comes after its own watch event changes nothing", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  play.put("a:u1@12");
  play.remove("a:u1@14");
  play.wrote("a:u1@12"); // the object is deleted by now: it must not come back
  expect(play.shown).toBe("");
  expect(play.view.overlayCount).toBe(0);
});

test("an older reply does not replace a newer one", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  play.wrote("a:u1@15");
  play.wrote("a:u1@12");
  expect(play.shown).toBe("a:u1@15");
});

test("an own write ends when the watch has passed it without telling it", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  play.wrote("a:u1@12");
  play.wrote("n:u2@13");
  play.view.progress("12");
  expect(play.shown).toBe("a:u1@7 n:u2@13");
  play.view.progress("13");
  expect(play.shown).toBe("a:u1@7");
  expect(play.view.overlayCount).toBe(0);
});

test("own writes that an hour of other news has not brought are lost, and no sooner", () => {
  const play = new Play();
  play.list(10, "a:u1@7", "b:u2@8");
  play.nowMs = 40_000; // the watch is silent before the writes: that is no time of theirs
  play.wrote("a:u1@12");
  play.deleted("b:u2");
  const endMs = play.nowMs + LOST_WRITE_MS;
  while (play.nowMs < endMs) {
    play.nowMs += 60_000;
    play.view.progress("11");
    expect(play.shown).toBe("a:u1@12");
  }
  play.nowMs += 1;
  play.view.progress("11");
  expect(play.shown).toBe("a:u1@7 b:u2@8");
  expect(play.view.overlayCount).toBe(0);
});

test("after hours without the server, older news do not end an own write still to be told", () => {
  const play = new Play();
  play.list(10, "a:u1@7", "b:u2@8");
  play.wrote("a:u1@12");
  play.wrote("c:u3@14");
  play.deleted("b:u2");
  play.nowMs += 5 * LOST_WRITE_MS;
  play.put("d:u4@11");
  play.view.progress("11");
  expect(play.shown).toBe("a:u1@12 c:u3@14 d:u4@11");
  play.put("a:u1@12");
  play.remove("b:u2@13");
  play.view.progress("13");
  expect(play.shown).toBe("a:u1@12 c:u3@14 d:u4@11");
  play.put("c:u3@14");
  play.view.progress("14");
  expect(play.shown).toBe("a:u1@12 c:u3@14 d:u4@11");
  expect(play.view.overlayCount).toBe(0);
});

test("an own delete hides the object until the watch tells it is gone", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  void play.told;
  play.deleted("a:u1");
  expect(play.shown).toBe("");
  play.put("a:u1@11"); // its finalizer was removed first
  expect(play.told).toBe("a:u1@7->u1@11");
  expect(play.shown).toBe("");
  play.remove("a:u1@12");
  expect(play.told).toBe("delete a:u1@12");
  expect(play.view.overlayCount).toBe(0);
});

test("a life that follows an own delete is shown", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  play.deleted("a:u1");
  play.put("a:u2@13"); // delete and create folded into one
  expect(play.shown).toBe("a:u2@13");
  expect(play.view.overlayCount).toBe(0);
});

test("an own create over an own delete is shown through the deletion the watch then tells", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  void play.told;
  play.deleted("a:u1");
  play.wrote("a:u2@14");
  expect(play.shown).toBe("a:u2@14");
  play.remove("a:u1@12");
  expect(play.shown).toBe("a:u2@14");
  play.put("a:u2@14");
  expect(play.told).toBe("delete a:u1@12, add a:u2@14");
  expect(play.view.overlayCount).toBe(0);
});

test("a late reply of a write to a deleted life does not bring it back", () => {
  const play = new Play();
  play.list(10, "a:u1@7");
  play.deleted("a:u1");
  play.wrote("a:u1@11");
  expect(play.shown).toBe("");
});

test("a write that was sent to a deleted life, and taken, shows that it is there again", () => {
  const play = new Play();
  play.list(10, "a:u1@7", "b:u2@8");
  play.deleted("b:u2");
  const sentAfter = play.view.deletions;
  play.deleted("a:u1");
  play.wrote("a:u1@11", sentAfter);
  expect(play.shown).toBe("");
  play.wrote("a:u1@11", play.view.deletions);
  expect(play.shown).toBe("a:u1@11");
  play.put("a:u1@11");
  expect([play.shown, play.view.overlayCount]).toEqual(["a:u1@11", 1]); // that of b
});

test("an own delete of another life than the one shown hides nothing", () => {
  const play = new Play();
  play.list(10, "a:u2@9");
  play.deleted("a:u1");
  expect(play.shown).toBe("a:u2@9");
  expect(play.view.overlayCount).toBe(0);
});

test("a list drops the own writes it has passed, and keeps those it has not", () => {
  const play = new Play();
  play.list(10, "a:u1@7", "b:u2@8", "d:u4@9");
  play.wrote("a:u1@12");
  play.wrote("b:u2@30");
  play.wrote("c:u3@13");
  play.deleted("d:u4");
  void play.told;
  play.list(20, "a:u1@12", "b:u2@8", "d:u4@9"); // c was created and deleted meanwhile
  expect(play.shown).toBe("a:u1@12 b:u2@30");
  expect(play.told).toBe("a:u1@7->u1@12");
  play.list(40);
  expect(play.shown).toBe("");
  expect(play.told).toBe("missed a:u1@12, missed b:u2@8, missed d:u4@9");
  expect(play.view.overlayCount).toBe(0);
});

test("a server whose history was reset is believed", () => {
  const play = new Play();
  play.list(1_000, "a:u1@900");
  play.wrote("a:u1@1001");
  play.list(50, "a:u7@40");
  expect(play.shown).toBe("a:u7@40");
  expect(play.view.revision).toBe(50);
  play.put("a:u7@51");
  expect(play.shown).toBe("a:u7@51");
});

test("late listeners begin with what was told, not with what is shown", () => {
  const play = new Play();
  play.list(10, "a:u1@7", "b:u2@8");
  play.wrote("a:u1@12");
  play.wrote("c:u3@13");
  play.deleted("b:u2");
  expect([...play.view.delivered()].map(text)).toEqual(["a:u1@7", "b:u2@8"]);
});

test("versions that are no numbers are taken as they come", () => {
  const play = new Play();
  play.list(10, "a:u1@x1");
  void play.told;
  play.put("a:u1@x2");
  play.wrote("a:u1@x3"); // cannot be placed before or after the watch
  expect(play.told).toBe("a:u1@x1->u1@x2");
  expect(play.shown).toBe("a:u1@x2");
});
