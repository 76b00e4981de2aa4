import { nodeType } from '../adapter/node-type.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { definition } from './definition.ts';

/** Long enough for the nodes behind to have started. */
const TEST_AFTER_MS = 200;

export default nodeType(definition, ({ id, name, settings, send, status, signal }) => {
  let passed = 0;
  let dropped = 0;
  const show = (): void => {
    const count = `${passed} message${passed === 1 ? '' : 's'}`;
    if (dropped > 0) status('waiting', `${count}, loop guard ${dropped}`);
    else status(passed > 0 ? 'up' : 'idle', count);
  };
  const test = (): void => {
    passed += 1;
    send({ topic: name, payload: payloadOf(settings.payload, name), ...(settings.guard && { visited: [id] }) });
    show();
  };
  if (settings.test) {
    const timer = setTimeout(test, TEST_AFTER_MS);
    signal.addEventListener('abort', () => clearTimeout(timer));
  }
  show();
  return {
    input(message, pass) {
      if (settings.guard && hasVisited(message, id)) {
        dropped += 1;
        show();
        return;
      }
      if (settings.guard) message.visited = [...(message.visited ?? []), id];
      passed += 1;
      pass(message);
      show();
    },
    press: test,
  };
});

function payloadOf(text: string, name: string): unknown {
  if (text === '') return `test message from ${name}`;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What comes from outside may hold anything in this place. */
function hasVisited(message: FlowMessage, id: string): boolean {
  return Array.isArray(message.visited) && message.visited.includes(id);
}
