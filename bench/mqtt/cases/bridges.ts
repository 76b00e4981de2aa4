import type { Qos } from '../load/bytes.ts';
import type { Middle } from '../flows.ts';
import { inRounds, type Rounds, type Runner, type SideFigures } from '../rounds.ts';
import type { Absent, BridgeSide } from '../sides/bridge-side.ts';
import { cSide } from '../sides/c-side.ts';
import { handSide } from '../sides/hand-side.ts';
import { coreSide, ourSide, type RedSide } from '../sides/red-side.ts';
import type { World } from '../world.ts';

/** How a message gets from in to out, and through what. */
export interface Passage {
  readonly qos: Qos;
  readonly payload: number | 'json';
  readonly isTls: boolean;
  readonly middle: Middle;
  readonly window: number;
}

export type SideName = 'core' | 'hand' | 'c' | 'wired' | 'fused';

/** All that can stand between the ends of the load; started once for all cases. */
export interface Bridges extends AsyncDisposable {
  readonly core: RedSide;
  readonly wired: RedSide;
  readonly fused: RedSide;
  /** Joins these sides to the load and measures them in turns. */
  measure(names: readonly SideName[], passage: Passage, rounds: Rounds): Promise<Map<SideName, SideFigures>>;
}

export async function openBridges(world: World): Promise<Bridges> {
  await using opened = new AsyncDisposableStack();
  // Both wired and fused are Node-RED with our nodes; all three start at once.
  const [core, wired, fused] = await Promise.all([coreSide('core'), ourSide('wired', false), ourSide('fused', true)]);
  for (const side of [core, wired, fused]) opened.use(side);
  const hand = opened.use(handSide('hand'));
  const c = await cSide('c');
  if (!('absent' in c)) opened.use(c);
  const sides: Readonly<Record<SideName, BridgeSide | Absent>> = { core, hand, c, wired, fused };
  const ports = new Map<string, number>();
  const life = opened.move();

  const portOf = async (name: string, isTls: boolean): Promise<number> => {
    const key = `${name} ${isTls}`;
    const known = ports.get(key);
    if (known !== undefined) return known;
    const { cert, key: privateKey } = world.certificates;
    const identity = isTls ? { cert, key: privateKey } : undefined;
    const port = Number(await world.load.ask({ do: 'listen', identity }));
    ports.set(key, port);
    return port;
  };
  const join = async (side: BridgeSide, { qos, payload, isTls, middle, window }: Passage): Promise<Runner> => {
    const port = await portOf(side.name, isTls);
    const { ca, caFile } = world;
    await world.load.ask({ do: 'expect', port, qos, payload, window });
    await side.join({ port, qos, middle, tls: isTls ? { ca, caFile } : undefined });
    await world.load.ask({ do: 'meet', port, key: side.name });
    return { name: side.name, key: side.name, pids: () => side.pids };
  };
  return {
    core,
    wired,
    fused,
    async measure(names, passage, rounds) {
      const runners: Runner[] = [];
      const figures = new Map<SideName, SideFigures>();
      for (const name of names) {
        const side = sides[name];
        if ('absent' in side) figures.set(name, { name, failed: side.absent });
        else {
          try {
            runners.push(await join(side, passage));
          } catch (error) {
            figures.set(name, { name, failed: error instanceof Error ? error.message : String(error) });
          }
        }
      }
      for (const measured of await inRounds(world.load, runners, rounds)) {
        figures.set(measured.name as SideName, measured);
      }
      return figures;
    },
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}
