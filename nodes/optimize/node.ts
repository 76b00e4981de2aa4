import { join } from 'node:path';
import type { ChooserAtWork } from '../../src/choose/choosers.ts';
import { createPolicy } from '../../src/choose/policy.ts';
import { fileLogStore } from '../../src/optimize/experiment-log.ts';
import { openOptimizer, type OptimizerState } from '../../src/optimize/optimizer.ts';
import { Fault } from '../../src/fault.ts';
import { nodeType } from '../adapter/node-type.ts';
import type { Tone } from '../adapter/status.ts';
import { definition } from './definition.ts';

const SNAPSHOT_PERIOD_MS = 2000;

export default nodeType(definition, async ({ id, settings, services, status, send, every, fail }) => {
  const untouched = createPolicy();
  const tuned = (): ChooserAtWork | undefined => services.choosers.find(settings.choose);
  const optimizer = await openOptimizer({
    // The choose node may start later than this one, and again at any deploy.
    holder: {
      get policy() {
        return tuned()?.chooser.policy ?? untouched;
      },
      setPolicy: (policy) => {
        const found = tuned();
        return found === undefined ? 'there is no choose node to tune' : found.chooser.setPolicy(policy);
      },
    },
    store: fileLogStore(join(services.home, 'optimize', `${id}.json`)),
    allowed: () => settings.apply,
    minSamples: settings.minSamples,
    windowMs: settings.windowS * 1000,
  });
  let passed = 0;
  let told: OptimizerState | undefined;
  let results = optimizer.log.length;

  const show = (): void => {
    const [tone, text] = statusOf(optimizer.state, passed, optimizer.log.length);
    status(tone, text);
  };
  const tell = (): void => {
    const { state, log } = optimizer;
    if (state.name === 'proposed' && state !== told) send({ topic: 'proposal', payload: state.proposal });
    if (log.length > results) send({ topic: 'result', payload: log.at(-1) });
    told = state;
    results = log.length;
    show();
  };
  every(SNAPSHOT_PERIOD_MS, () => {
    const branches = tuned()?.branchNodes;
    const meters = services.meters.all().filter((meter) => branches?.has(meter.id));
    const readings = meters.map((meter) => meter.read());
    optimizer.take({ at: performance.now(), readings }).then(tell, fail);
  });
  show();
  return {
    input() {
      passed += 1;
    },
    press() {
      const problem = optimizer.accept();
      if (problem !== undefined) throw new Fault('NOTHING_PROPOSED', { problem });
      tell();
    },
  };
});

function statusOf(state: OptimizerState, passed: number, experiments: number): [Tone, string] {
  switch (state.name) {
    case 'watching':
      return [
        passed > 0 ? 'up' : 'idle',
        experiments === 0 ? `watching, ${passed} seen` : `watching, ${experiments} tried`,
      ];
    case 'proposed': {
      const { field, from, to } = state.proposal.change;
      return ['waiting', `proposes ${field} ${from} → ${to}`];
    }
    case 'trying': {
      const { field, from, to } = state.proposal.change;
      return ['busy', `trying ${field} ${from} → ${to}`];
    }
  }
}
