import { nodeType } from '../adapter/node-type.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { definition } from './definition.ts';
import { stepOf } from './rule.ts';

export default nodeType(definition, ({ RED, node, settings, sendTo }) => {
  const steps = settings.rules.map((rule) => stepOf(RED, node, rule));

  return {
    input(message) {
      return run(message, 0);
    },
  };

  function run(message: FlowMessage, first: number): void | Promise<void> {
    for (let index = first; index < steps.length; index += 1) {
      const later = steps[index]?.(message);
      if (later !== undefined) return later.then(() => run(message, index + 1));
    }
    sendTo(0, message);
  }
});
