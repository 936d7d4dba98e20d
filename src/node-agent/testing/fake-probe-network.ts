/** A network of ports that tests open, close and let hang. */
import { orAborted } from "../../base/signals.ts";
import type { Context } from "../../base/context.ts";
import type { HttpProbeRequest, ProbeNetwork } from "../probe/probe-network.ts";

export class FakeProbeNetwork implements ProbeNetwork {
  /** Everything asked, as a URL. */
  readonly requests: string[] = [];
  readonly #answers = new Map<string, number | "hang">();

  /** The port takes connections and answers 200. */
  open(host: string, port: number): void {
    this.answer(host, port, 200);
  }

  answer(host: string, port: number, status: number): void {
    this.#answers.set(`${host}:${port}`, status);
  }

  hang(host: string, port: number): void {
    this.#answers.set(`${host}:${port}`, "hang");
  }

  close(host: string, port: number): void {
    this.#answers.delete(`${host}:${port}`);
  }

  async httpGet(
    request: HttpProbeRequest,
    context: Context,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const { scheme, host, port, path } = request;
    this.requests.push(`${scheme}://${host}:${port}${path}`);
    return { status: await this.#ask(`${host}:${port}`, context), body: "" };
  }

  async tcpConnect(host: string, port: number, context: Context): Promise<void> {
    this.requests.push(`tcp://${host}:${port}`);
    await this.#ask(`${host}:${port}`, context);
  }

  async #ask(address: string, context: Context): Promise<number> {
    const answer = this.#answers.get(address);
    if (answer === undefined) throw new Error(`connect ECONNREFUSED ${address}`);
    if (answer === "hang") return orAborted(new Promise<never>(() => undefined), context.signal);
    return answer;
  }
}
