/** Is told of the calls of processes, and of what they are answered: for who judges answers. */
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import type { CallName } from "./call-name.ts";

/** A request that a process sends. */
export type SentCall = {
  readonly actor: string;
  readonly call: CallName;
  readonly request: ApiRequest;
};

export type StreamWatch = {
  /** The reader has it. */
  readonly arrived: (event: WatchEvent) => void;
  /** No more are sent; what is under way may still arrive. */
  readonly ends: () => void;
};

export interface CallWatch {
  /** Answers who is told when an answer arrives, which it may never do. */
  sent(call: SentCall): ((response: ApiResponse) => void) | undefined;
  /** A watch is answered by a stream. */
  opened(call: SentCall): StreamWatch | undefined;
}
