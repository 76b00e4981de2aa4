import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { askControl } from '../../control/client.ts';
import { Fault } from '../../fault.ts';
import type { HostOutcome, HostState, ShippedRelease } from '../../fleet/controller.ts';
import { readOptions, type Command } from '../command.ts';
import { homeOption } from '../home.ts';
import { table } from '../table.ts';

const usage = 'chartwire fleet invite|hosts|ship [FILE.json] [--name NAME] [--json] [--home DIR]';

interface Asked {
  readonly home: string;
  readonly json: boolean;
  readonly name: string | undefined;
  readonly file: string | undefined;
}

export const fleet: Command = {
  name: 'fleet',
  usage,
  summary: 'invite an edge host (prints the code for "chartwire edge --join"), list the hosts, or ship a flow file',
  async run(words) {
    const { values, positionals } = readOptions(words, usage, {
      home: { type: 'string' },
      name: { type: 'string' },
      json: { type: 'boolean', default: false },
    });
    const [part = '', file] = positionals;
    const asked = { home: homeOption(values.home), json: values.json, name: values.name, file };
    switch (part) {
      case 'invite':
        return invite(asked);
      case 'hosts':
        return hosts(asked);
      case 'ship':
        return ship(asked);
      default:
        throw new Fault('COMMAND_USAGE', { problem: `no such part "${part}"`, usage });
    }
  },
};

async function invite({ home, name, json }: Asked): Promise<void> {
  const { code } = (await askControl(home, 'invite', { name })) as { code: string };
  console.log(json ? JSON.stringify({ code }) : code);
}

async function hosts({ home, json }: Asked): Promise<void> {
  const known = (await askControl(home, 'hosts')) as HostState[];
  if (json) {
    console.log(JSON.stringify(known));
    return;
  }
  const rows = known.map(({ name, edgeId, online, state, version, reason }) => [
    name,
    edgeId,
    online ? 'online' : 'offline',
    state,
    version === null ? '-' : `v${version}`,
    reason,
  ]);
  console.log(table(['host', 'id', 'link', 'state', 'runs', 'reason'], rows).join('\n'));
}

/** Exit code 0 means that every online host runs it. */
async function ship({ home, json, name, file }: Asked): Promise<void> {
  if (file === undefined) throw new Fault('COMMAND_USAGE', { problem: 'no flow file named', usage });
  const request = { name: name ?? basename(file, '.json'), flows: await flowsOf(file) };
  const shipped = (await askControl(home, 'ship', request)) as ShippedRelease & { outcomes: HostOutcome[] };
  const { outcomes, version, digest } = shipped;
  if (json) console.log(JSON.stringify(shipped));
  else {
    console.log(`release v${version} ${digest}`);
    for (const { edgeId, result, reason } of outcomes)
      console.log(`  ${edgeId}  ${result}${reason === undefined ? '' : `: ${reason}`}`);
  }
  const failed = outcomes.filter(({ result }) => result === 'rolled_back' || result === 'rejected');
  const [first] = failed;
  if (first === undefined) return;
  throw new Fault('RELEASE_REFUSED', {
    hosts: failed.length,
    of: outcomes.length,
    reason: first.reason ?? first.result,
  });
}

async function flowsOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Fault(
      'FILE_UNREADABLE',
      { file, reason: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
}
