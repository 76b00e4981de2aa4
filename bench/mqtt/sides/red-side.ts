import { startChild } from '../../child.ts';
import { coreFlow, ourFlow } from '../flows.ts';
import type { BridgeSide } from './bridge-side.ts';
import type { RedQuestion } from './red-process.ts';

export interface RedSide extends BridgeSide {
  /** A plain port to the broker embedded in the process, and its flow between clients of that broker. */
  embed(qos: 0 | 1 | 2): Promise<number>;
}

/** Node-RED with the nodes it comes with. */
export async function coreSide(name: string): Promise<RedSide> {
  return await startRed(name, false, {});
}

/** Node-RED with our nodes; `fused` lets messages go from one to the next by direct calls. */
export async function ourSide(name: string, fused: boolean): Promise<RedSide> {
  return await startRed(name, true, fused ? {} : { CHARTWIRE_FUSE: 'off' });
}

async function startRed(name: string, withOurs: boolean, env: Readonly<Record<string, string>>): Promise<RedSide> {
  const child = startChild(new URL('./red-process.ts', import.meta.url), { env });
  const ask = (question: RedQuestion): Promise<unknown> => child.ask(question);
  const flow = withOurs ? ourFlow : coreFlow;
  let embeddedPort: Promise<unknown> | undefined;
  await ask({ do: 'start', withOurs });
  return {
    name,
    pids: [child.pid],
    async join({ port, qos, middle, tls }) {
      await ask({ do: 'deploy', flow: flow({ broker: { port, ...tls }, qos, middle }) });
    },
    async embed(qos) {
      embeddedPort ??= ask({ do: 'listen' });
      const port = Number(await embeddedPort);
      await ask({ do: 'deploy', flow: flow({ broker: undefined, qos, middle: 'nothing' }) });
      return port;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
