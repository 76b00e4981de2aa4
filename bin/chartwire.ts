#!/usr/bin/env node
// Where the parts meet: the commands know no Node-RED, the host does.
import { main } from '../src/cli/main.ts';
import { runEdge } from '../src/fleet/edge/run-edge.ts';

// Who reads no more, as `head` does, has read enough: that is no error of the command.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const code = await main(process.argv.slice(2), {
  // Loaded only when needed: `status` must not wait for Node-RED.
  start: async (options) => (await import('../nodes/host/start-host.ts')).startHost(options),
  flowOfChart: async (text, name) =>
    (await (await import('../nodes/chart/flow-of-chart.ts')).flowOfChart(text, { name })).flow,
  chartOfFlow: async (flow) =>
    (await import('../src/chart/chart-of-flow.ts')).chartOfFlow(
      flow,
      await (await import('../nodes/chart/flow-of-chart.ts')).completion(),
    ),
  edge: async ({ home, join, limits, say }) => runEdge({ home, ...(join !== undefined && { join }), limits, log: say }),
});

// What goes into a pipe is not written at once, and leaving does not wait for it.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}
// A runtime that was stopped half-way may leave timers behind; the command is over all the same.
process.exit(code);
