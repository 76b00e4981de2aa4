import type { Node, NodeAPI } from 'node-red';
import type { Behaviour, Outgoing } from './context.ts';
import type { Look, Watched } from './look.ts';
import type { FlowMessage } from './message.ts';
import { nextMessageId } from './message-id.ts';
import { toldError } from './told-error.ts';

export type Done = (error?: Error) => void;

/** Takes a message by a direct call. */
export interface Receiver {
  take(message: FlowMessage, done?: Done): void;
}

/** Sends by direct calls, or through the runtime where nobody is called. */
export interface Source {
  readonly node: RuntimeNode;
  /** Who is called directly, by output. */
  readonly direct: (Receiver | undefined)[];
  sendByRuntime(port: number, message: FlowMessage): void;
}

/** The parts of Node-RED's node that its types leave out. */
export interface RuntimeNode extends Node {
  readonly wires: readonly (readonly string[])[];
  /** The node a node in a subflow was made from. */
  readonly _alias?: string;
  _complete(message: FlowMessage, error?: Error): void;
}

interface Waiting {
  readonly message: FlowMessage;
  readonly done: Done | undefined;
}

type Input = NonNullable<Behaviour['input']>;

/** A running node of ours: takes messages, sends them on, by direct calls where that makes no difference, and counts both. */
export class OwnNode implements Receiver, Source, Watched {
  readonly node: RuntimeNode;
  received = 0;
  errors = 0;
  /** Messages that left, by output. */
  sent: number[];
  /** Who is called directly, by output; an output without one goes through the runtime. */
  direct: (Receiver | undefined)[];
  /** It has answered with a promise, and wires lead on: then each message needs a turn of its own, to keep the order. */
  answersLater = false;
  /** Called when that becomes known. */
  onAnswersLater: () => void = () => {};
  /** Only while somebody looks. */
  look: Look | undefined;
  next: number[] = [];
  follows = false;
  readonly #RED: NodeAPI;
  #input: Input = () => {};
  /** What came before the node had started; nothing once it has. */
  #waiting: Waiting[] | undefined = [];
  /** Messages it will be done with later. */
  #underWay = 0;

  constructor(RED: NodeAPI, node: Node) {
    this.#RED = RED;
    this.node = node as RuntimeNode;
    this.sent = [];
    this.direct = [];
    this.fitWires();
  }

  /** Messages it has taken and is not done with. */
  get queued(): number {
    return this.#underWay + (this.#waiting?.length ?? 0);
  }

  /** All counts at zero. */
  reset(): void {
    this.received = 0;
    this.errors = 0;
    this.sent.fill(0);
  }

  /** After a change of its wires: one count and no direct call to each output. */
  fitWires(): void {
    const outputs = Math.max(1, this.node.wires.length);
    this.sent = Array.from({ length: outputs }, (_, port) => this.sent[port] ?? 0);
    this.next = Array.from({ length: outputs }, (_, port) => this.next[port] ?? Infinity);
    this.direct = Array.from({ length: outputs }, () => undefined);
  }

  /** From here on messages go to `input`; first those that have waited, in their order. */
  started(input: Input): void {
    this.#input = input;
    const waiting = this.#waiting ?? [];
    for (const { message, done } of waiting) this.#run(message, done);
    this.#waiting = undefined;
  }

  /** Without `done` it is a direct call: then nobody waits for the end, but errors are told as ever. */
  take(message: FlowMessage, done?: Done): void {
    this.received += 1;
    const then = this.follows ? followed(this.look, this.node, message, done) : done;
    if (this.#waiting === undefined) this.#run(message, then);
    else this.#waiting.push({ message, done: then });
  }

  readonly send = (outgoing: Outgoing): void => {
    if (Array.isArray(outgoing)) this.#sendAll(outgoing);
    else this.sendTo(0, outgoing);
  };

  readonly sendTo = (port: number, message: FlowMessage): void => {
    if (typeof message !== 'object' || message === null) {
      this.sendByRuntime(port, message);
      return;
    }
    if (!message._msgid) message._msgid = nextMessageId();
    if (port < this.sent.length) this.#countOne(port, message);
    const target = this.direct[port];
    if (target === undefined) this.sendByRuntime(port, message);
    else target.take(message);
  };

  /** Sends what has been counted already. */
  sendByRuntime(port: number, message: FlowMessage | readonly FlowMessage[]): void {
    if (port === 0 && !Array.isArray(message)) {
      this.node.send(message as never);
      return;
    }
    const outgoing: unknown[] = Array.from({ length: port + 1 }, () => null);
    outgoing[port] = message;
    this.node.send(outgoing as never);
  }

  #sendAll(outgoing: readonly (FlowMessage | FlowMessage[] | null)[]): void {
    let only = -1;
    for (let port = 0; port < outgoing.length; port += 1) {
      const entry = outgoing[port];
      if (entry === null || entry === undefined) continue;
      if (only !== -1 || Array.isArray(entry)) return this.#sendSeveral(outgoing);
      only = port;
    }
    if (only !== -1) this.sendTo(only, outgoing[only] as FlowMessage);
  }

  /** As Node-RED does it: the first is sent as it is, all others as copies, made before anybody receives. */
  #sendSeveral(outgoing: readonly (FlowMessage | FlowMessage[] | null)[]): void {
    const { wires } = this.node;
    const batches = outgoing.slice(0, wires.length).map((entry, port) => {
      const all = Array.isArray(entry) ? entry : [entry];
      return wires[port]?.length === 0 ? [] : all.filter((message) => message !== null && message !== undefined);
    });
    const messages = batches.flat().filter((message) => typeof message === 'object');
    const id = messages.find(({ _msgid }) => _msgid)?._msgid ?? nextMessageId();
    for (const message of messages) message._msgid ||= id;
    if (this.direct.every((target) => target === undefined)) {
      for (const [port, batch] of batches.entries()) this.#count(port, batch);
      this.node.send(outgoing as never);
      return;
    }
    const [first] = messages;
    let isFirst = true;
    const copies = batches.map((batch) =>
      batch.map((message) => {
        if (message === first && isFirst) {
          isFirst = false;
          return message;
        }
        return typeof message === 'object' ? (this.#RED.util.cloneMessage(message as never) as FlowMessage) : message;
      }),
    );
    for (const [port, batch] of copies.entries()) {
      this.#count(port, batch);
      for (const message of batch) this.#deliver(port, message);
    }
  }

  #deliver(port: number, message: FlowMessage): void {
    const target = typeof message === 'object' ? this.direct[port] : undefined;
    if (target === undefined) this.sendByRuntime(port, message);
    else target.take(message);
  }

  #count(port: number, batch: readonly FlowMessage[]): void {
    for (const message of batch) if (typeof message === 'object') this.#countOne(port, message);
  }

  #countOne(port: number, message: FlowMessage): void {
    const count = (this.sent[port] ?? 0) + 1;
    this.sent[port] = count;
    if (count >= (this.next[port] ?? Infinity))
      this.look?.left(port, count, this.node.wires[port] ?? [], message, this.direct[port] !== undefined);
  }

  #run(message: FlowMessage, done: Done | undefined): void {
    let later: void | Promise<void>;
    try {
      later = this.#input(message, this.send);
    } catch (error) {
      this.#failed(message, error, done);
      return;
    }
    if (later === undefined) done?.();
    else this.#finishLater(later, message, done);
  }

  #finishLater(later: Promise<void>, message: FlowMessage, done: Done | undefined): void {
    if (!this.answersLater && this.node.wires.some((targets) => targets.length > 0)) {
      this.answersLater = true;
      this.onAnswersLater();
    }
    this.#underWay += 1;
    later.then(
      () => {
        this.#underWay -= 1;
        if (done === undefined) this.node._complete(message);
        else done();
      },
      (error: unknown) => {
        this.#underWay -= 1;
        this.#failed(message, error, done);
      },
    );
  }

  #failed(message: FlowMessage, error: unknown, done: Done | undefined): void {
    this.errors += 1;
    const told = toldError(error);
    if (done === undefined) this.node._complete(message, told);
    else done(told);
  }
}

/** What is to happen when the node is done with a message, when the message is followed. */
function followed(
  look: Look | undefined,
  node: RuntimeNode,
  message: FlowMessage,
  done: Done | undefined,
): Done | undefined {
  const ended = look?.arrived(message);
  if (ended === undefined) return done;
  return (error) => {
    ended(error !== undefined);
    if (done === undefined) node._complete(message, error);
    else done(error);
  };
}
