import type { Branch } from '../../src/choose/branch.ts';
import { createChooser } from '../../src/choose/chooser.ts';
import { createPolicy } from '../../src/choose/policy.ts';
import { parseDevice } from '../../src/devices/device-profile.ts';
import type { ProtocolName } from '../../src/endpoint/traits.ts';
import { endpoints } from '../../src/endpoints/index.ts';
import { Fault } from '../../src/fault.ts';
import type { Meters } from '../../src/metrics/meters.ts';
import { nodeType } from '../adapter/node-type.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ id, settings, wires, services, status, signal }) => {
  const chooser = createChooser({
    policy: createPolicy(settings.policy.trim() === '' ? {} : JSON.parse(settings.policy)),
  });
  services.choosers.add(id, { chooser, branchNodes: new Set(wires.flat()) }, signal);
  status('idle', 'no messages yet');

  return {
    input(message, send) {
      const parsed = parseDevice(message.device);
      if ('problem' in parsed) throw new Fault('MESSAGE_INVALID', { problem: parsed.problem });
      const branches = settings.branches.map(({ label, protocol }, index) =>
        branchOf(label, protocol as ProtocolName, wires[index] ?? [], services.meters),
      );
      const choice = chooser.choose(parsed.device, branches);
      if (choice.index === undefined) throw new Fault('NO_BRANCH', { reason: choice.reason });
      const down = branches.filter(({ reading }) => reading !== undefined && reading.state !== 'up');
      status(down.length === 0 ? 'up' : 'waiting', statusOf(down, choice.reason));
      message['choice'] = { branch: branches[choice.index]?.label, reason: choice.reason };
      send(branches.map((_, index) => (index === choice.index ? message : null)));
    },
  };
});

/** Says which branch is down even when the last choice was not about it; why, that branch says itself. */
function statusOf(down: readonly Branch[], reason: string): string {
  const silent = down.filter(({ label }) => !reason.includes(`${label} down`));
  return [...silent.map(({ label }) => `${label} down`), reason].join('; ');
}

/** A branch is measured by the first node behind its output that carries messages. */
function branchOf(label: string, protocol: ProtocolName, targets: readonly string[], meters: Meters): Branch {
  const meter = targets.map((target) => meters.find(target)).find((found) => found !== undefined);
  const branch = { label, protocol, traits: endpoints[protocol].traits };
  return meter === undefined ? branch : { ...branch, reading: meter.read() };
}
