import type { NodeAPI } from 'node-red';
import { fuse, type Wire } from '../../src/path/fuse.ts';
import { flowPlan, laterText, MESSAGE_HOOKS } from './flow-plan.ts';
import { HeldWire } from './held-wire.ts';
import type { OwnNode } from './own-node.ts';
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
  #held: readonly HeldWire[] = [];
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

  /** Every wire goes through the runtime. Direct calls have ended when they return: nothing is overtaken. */
  #open(): void {
    this.#change += 1;
    for (const held of this.#held) held.drop();
    this.#held = [];
    this.#wires = [];
    for (const own of runningNodes(this.RED).all()) own.direct.fill(undefined);
  }

  /** Makes direct calls where nothing stands against them, two turns later: first all that is on its way must arrive. */
  #close(): void {
    this.#open();
    const change = this.#change;
    const running = runningNodes(this.RED);
    for (const own of running.all()) {
      own.fitWires();
      own.onAnswersLater = () => this.#part(own);
    }
    this.#wires = fuse(flowPlan(this.RED, running));
    const fused = this.#wires.filter((wire) => wire.fused);
    if (fused.length === 0) return;
    setImmediate(() => {
      if (change !== this.#change) return;
      this.#held = fused.flatMap(({ from, port, to }) => {
        const [source, target] = [running.get(from), running.get(to)];
        if (source === undefined || target === undefined || target.answersLater) return [];
        return [new HeldWire(source, port, target)];
      });
      setImmediate(() => {
        if (change !== this.#change) return;
        const held = this.#held;
        this.#held = [];
        for (const wire of held) wire.release();
      });
    });
  }

  /** No direct call leads to this node any more. */
  #part(target: OwnNode): void {
    const running = runningNodes(this.RED);
    for (const { from, port, fused, to } of this.#wires) {
      const source = fused && to === target.node.id ? running.get(from) : undefined;
      if (source?.direct[port] === target) source.direct[port] = undefined;
    }
    const why = laterText(target.node.name || target.node.type);
    this.#wires = this.#wires.map((wire) =>
      wire.fused && wire.to === target.node.id ? { ...wire, fused: false, why } : wire,
    );
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

const served = new WeakSet<NodeAPI['httpAdmin']>();

/** `GET chartwire/path`: which wires are direct calls, and what stands against it at the others. */
function servePath(RED: NodeAPI): void {
  // A headless runtime has no admin server.
  if (RED.httpAdmin === undefined || served.has(RED.httpAdmin)) return;
  served.add(RED.httpAdmin);
  RED.httpAdmin.get('/chartwire/path', RED.auth.needsPermission('flows.read'), (_request, response) => {
    response.json(pathOf(RED));
  });
}
