import type { Node, NodeAPI } from 'node-red';
import type { Services } from '../../src/app/services.ts';
import type { Fields, SettingsOf } from '../../src/spec/field.ts';
import type { FlowMessage } from './message.ts';
import type { StatusText, Tone } from './status.ts';

/** What goes out: one message, or one entry for each output; `null` leaves an output out. */
export type Outgoing = FlowMessage | (FlowMessage | FlowMessage[] | null)[];

/** Everything a node of ours may use. */
export interface NodeContext<F extends Fields> {
  readonly id: string;
  readonly name: string;
  /** The box of the chart this node stands for, or empty. */
  readonly chartId: string;
  readonly settings: SettingsOf<F>;
  /** Ids of the nodes behind each output, in order. */
  readonly wires: readonly (readonly string[])[];
  readonly services: Services;
  /** Fires when the node is closed: end every wait with it. */
  readonly signal: AbortSignal;
  readonly node: Node;
  readonly RED: NodeAPI;
  /** What has been sent is no longer the sender's: the receiver may have it in hand before this returns. */
  readonly send: (outgoing: Outgoing) => void;
  /** Sends one message through one output. */
  readonly sendTo: (output: number, message: FlowMessage) => void;
  readonly status: (tone: Tone, text: StatusText) => void;
  /** Tells an error where the user looks: log, status and Catch. */
  readonly fail: (error: unknown, message?: FlowMessage) => void;
  /** Runs again and again until the node is closed. */
  readonly every: (periodMs: number, run: () => void) => void;
}

/** What a started node does. */
export interface Behaviour {
  /**
   * Called for each message. When it throws or rejects, the error goes to Catch; otherwise the message counts as done. One
   * that returns a promise has turns of its own: no wire to it is a direct call, unless no wire leads on from it.
   */
  input?(message: FlowMessage, send: (outgoing: Outgoing) => void): void | Promise<void>;
  /** The node's button was pressed, or its address posted to. */
  press?(body: unknown): unknown;
  close?(): void | Promise<void>;
}
