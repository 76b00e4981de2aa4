import { runEdge } from '../../src/fleet/edge/run-edge.ts';

// An edge host as a process of its own: `edge-process.ts <home> [join code]`.
const [home, join] = process.argv.slice(2);
const edge = await runEdge({
  home: home!,
  ...(join === undefined ? {} : { join }),
  log: (line) => process.send?.(line),
});
process.once('SIGTERM', () => void edge.close().then(() => process.exit(0)));
