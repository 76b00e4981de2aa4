import type { NodeAPI } from 'node-red';
import { fuse, type Wire } from '../../src/path/fuse.ts';
import { drawnWires } from './drawn-wires.ts';
import { isCompleted, laterText, MESSAGE_HOOKS, runningPlan, touchesText } from './flow-plan.ts';
import { Branches, CompletedWire, routed, RuntimeWire } from './fused-output.ts';
import { HeldOutput } from './held-output.ts';
import type { OwnNode, Receiver, Source } from './own-node.ts';
import { Relay } from './relay.ts';
import { runningNodes } from './running-nodes.ts';

/** The types of Node-RED name each hook. */
interface Hooks {
  add(id: string, act: unknown): void;
  remove(id: string): void;
}

/** Keeps the direct calls of one Node-RED in step with its flow. */
class FusedPath {
  RED: NodeAPI;
  #wires: readonly Wire[] = [];
  #completed: ReadonlySet<string> = new Set();
  #relays: ReadonlyMap<string, Relay> = new Map();
  readonly #touchers = new WeakSet<OwnNode>();
  #held: readonly HeldOutput[] = [];
  #runs = false;
  /** Rises with every change, so that what was begun for an older flow ends. */
  #change = 0;

  constructor(RED: NodeAPI) {
    this.RED = RED;
    RED.events.on('flows:stopping', () => {
      this.#runs = false;
      this.#open();
      for (const own of runningNodes(RED).all()) own.reset();
    });
    RED.events.on('flows:started', () => {
      this.#runs = true;
      this.#close();
    });
    this.#followHooks();
  }

  /** Every wire at one of our nodes, as it is now. */
  wires(): readonly Wire[] {
    return this.#wires;
  }

  /** No direct call leads from this node any more: it goes on with messages it has sent. */
  touches(source: OwnNode): void {
    if (this.#touchers.has(source)) return;
    this.#touchers.add(source);
    this.#part((wire) => wire.from === source.node.id, touchesText(source.node.name || source.node.type));
  }

  /** Every wire goes through the runtime. Direct calls have ended when they return: nothing is overtaken. */
  #open(): void {
    this.#change += 1;
    for (const held of this.#held) held.release(undefined);
    this.#held = [];
    this.#wires = [];
    for (const relay of this.#relays.values()) relay.direct.fill(undefined);
    this.#relays = new Map();
    for (const own of runningNodes(this.RED).all()) own.direct.fill(undefined);
  }

  /** Makes direct calls where nothing stands against them, two turns later: first all that is on its way must arrive. */
  #close(): void {
    this.#open();
    const change = this.#change;
    const running = runningNodes(this.RED);
    for (const own of running.all()) {
      own.fitWires();
      own.onAnswersLater = () =>
        this.#part((wire) => wire.to === own.node.id, laterText(own.node.name || own.node.type));
    }
    const plan = runningPlan(this.RED, running, this.#touchers);
    this.#completed = plan.completed;
    this.#relays = new Map(plan.relays.map((node) => [node.id, new Relay(this.RED, node)]));
    this.#wires = fuse(plan);
    const outputs = this.#outputs((wire) => wire.fused);
    if (outputs.length === 0) return;
    setImmediate(() => {
      if (change !== this.#change) return;
      const held = outputs.map(({ source, port }) => ({ source, port, output: new HeldOutput(source, port) }));
      this.#held = held.map(({ output }) => output);
      setImmediate(() => {
        if (change !== this.#change) return;
        this.#held = [];
        for (const { source, port, output } of held) output.release(this.#receiver(source, port));
      });
    });
  }

  /** These wires are direct calls no more. */
  #part(these: (wire: Wire) => boolean, why: string): void {
    const parted = this.#outputs((wire) => wire.fused && these(wire));
    this.#wires = this.#wires.map((wire) => (wire.fused && these(wire) ? { ...wire, fused: false, why } : wire));
    for (const { source, port } of parted) {
      // One that is held asks when it is released.
      if (source.direct[port] instanceof HeldOutput) continue;
      source.direct[port] = this.#receiver(source, port);
    }
  }

  /** The outputs these wires start at. */
  #outputs(these: (wire: Wire) => boolean): { readonly source: Source; readonly port: number }[] {
    const running = runningNodes(this.RED);
    const ports = new Map<Source, Set<number>>();
    for (const wire of this.#wires) {
      const source = these(wire) ? (running.get(wire.from) ?? this.#relays.get(wire.from)) : undefined;
      if (source === undefined) continue;
      const known = ports.get(source) ?? new Set();
      ports.set(source, known.add(wire.port));
    }
    return [...ports].flatMap(([source, known]) => [...known].map((port) => ({ source, port })));
  }

  /** Who is called at an output; nobody where all of it goes through the runtime. */
  #receiver(source: Source, port: number): Receiver | undefined {
    const { RED } = this;
    const running = runningNodes(RED);
    const called = new Set(
      this.#wires.flatMap((wire) =>
        wire.fused && wire.from === source.node.id && wire.port === port ? [wire.to] : [],
      ),
    );
    if (called.size === 0) return undefined;
    const [first, ...others] = (source.node.wires[port] ?? []).flatMap((id): Receiver[] => {
      const own = called.has(id) ? running.get(id) : undefined;
      if (own !== undefined) return [isCompleted(own, this.#completed) ? new CompletedWire(own) : own];
      const relay = called.has(id) ? this.#relays.get(id) : undefined;
      if (relay !== undefined) return [relay];
      const node = routed(source.node, id);
      return node === undefined ? [] : [new RuntimeWire(RED, node)];
    });
    if (first === undefined || others.length === 0) return first;
    return new Branches(RED, [first, ...others]);
  }

  #followHooks(): void {
    const hooks = this.RED.hooks as unknown as Hooks;
    const add = hooks.add.bind(hooks);
    const remove = hooks.remove.bind(hooks);
    const follow = (id: string): void => {
      const [name] = id.split('.');
      if (this.#runs && (name === '*' || (name !== undefined && MESSAGE_HOOKS.includes(name)))) this.#close();
    };
    Object.assign(hooks, {
      add(id: string, act: unknown) {
        add(id, act);
        follow(id);
      },
      remove(id: string) {
        remove(id);
        follow(id);
      },
    });
  }
}

const paths = new WeakMap<NodeAPI['events'], FusedPath>();

/** Makes the direct calls of this Node-RED follow its deploys. */
export function followFlows(RED: NodeAPI): void {
  const path = paths.get(RED.events);
  if (path === undefined) paths.set(RED.events, new FusedPath(RED));
  else path.RED = RED;
  servePath(RED);
}

/** Every wire at one of our nodes in this Node-RED, as it is now. */
export function pathOf({ events }: Pick<NodeAPI, 'events'>): readonly Wire[] {
  return paths.get(events)?.wires() ?? [];
}

/** Tells that a node of ours goes on with messages it has sent: from now on others must not have them in hand before. */
export function touchesSent({ events }: Pick<NodeAPI, 'events'>, id: string): void {
  const own = runningNodes({ events }).get(id);
  if (own !== undefined) paths.get(events)?.touches(own);
}

const served = new WeakSet<NodeAPI['httpAdmin']>();

/** `GET chartwire/path`: which wires are direct calls, and what stands against it at the others. */
function servePath(RED: NodeAPI): void {
  // A headless runtime has no admin server.
  if (RED.httpAdmin === undefined || served.has(RED.httpAdmin)) return;
  served.add(RED.httpAdmin);
  RED.httpAdmin.get('/chartwire/path', RED.auth.needsPermission('flows.read'), (_request, response) => {
    response.json(drawnWires(pathOf(RED), runningNodes(RED)));
  });
}
