import type { Outgoing } from '../adapter/context.ts';
import { touchesSent } from '../adapter/fused-path.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { nextMessageId } from '../adapter/message-id.ts';
import { nodeType } from '../adapter/node-type.ts';
import { compile, thrown, watched } from './compile.ts';
import { definition } from './definition.ts';
import { Hold } from './hold.ts';
import { loadModules } from './modules.ts';
import { scriptRealm } from './realm.ts';
import { sendResults } from './results.ts';

/** What `node` is in the code, for one message. */
interface ScriptNode {
  readonly send: (results: unknown, copy?: boolean) => void;
  readonly done: (error?: unknown) => void;
}

export default nodeType(definition, async ({ RED, node, settings, send, signal }) => {
  const filename = `chartwire-script-${node.id}`;
  const tell = (error: unknown): void => node.error(thrown(error, filename), {});
  const { realm, node: base } = scriptRealm(RED, node, tell, signal);
  Object.assign(realm, await loadModules(RED, settings.libs, (name) => Object.hasOwn(realm, name)));
  const sending = {
    RED,
    send,
    refuse: (type: string) => node.error(`the script tried to send a ${type}, which is no message`),
  };
  const limitInMs = settings.timeout > 0 ? settings.timeout * 1000 : globalLimitInMs(RED.settings);
  const run = limitInMs > 0 ? watched(realm, limitInMs) : undefined;
  const { func } = settings;
  const onMessage = compile(realm, { code: func, what: 'On message', filename, parameters: ['msg', 'node'] });
  const onStop = compile(realm, { code: settings.finalize, what: 'On stop', filename, parameters: ['node'] });
  /** Code that does not say `node` needs none. */
  const usesNode = /\bnode\b/.test(func);
  const saysDone = /\bnode\s*\.\s*done\s*\(/.test(func);
  await begin();

  return {
    input: saysDone ? untilDone : work,
    close() {
      try {
        const refuse = (): void => node.error('a script that stops cannot send');
        const stop = (): unknown => onStop({ __proto__: base, send: refuse, done() {} });
        if (run === undefined) stop();
        else run(stop);
      } catch (error) {
        throw thrown(error, filename);
      }
    },
  };

  async function begin(): Promise<void> {
    const code = settings.initialize;
    if (code.trim() === '') return;
    const onStart = compile(realm, { code, what: 'On start', filename, parameters: ['node'] });
    const hold = new Hold(run !== undefined);
    const scriptNode = nodeFor(nextMessageId(), nothing, hold);
    const start = (): unknown => onStart(scriptNode);
    try {
      await hold.during(() => (run === undefined ? start() : run(start)));
    } catch (error) {
      throw thrown(error, filename);
    }
  }

  function nodeFor(id: string, done: (error?: unknown) => void, hold?: Hold): ScriptNode {
    const through =
      hold === undefined ? sending : { ...sending, send: (outgoing: Outgoing) => hold.act(() => send(outgoing)) };
    const made = {
      __proto__: base,
      send: (results: unknown, copy?: boolean) => {
        if (copy === false) touchesSent(RED, node.id);
        sendResults(through, id, results, copy !== false);
      },
      done,
    };
    return made;
  }

  /** Calls the code; what it returns is not sent yet. */
  function call(message: FlowMessage, id: string, done: (error?: unknown) => void): unknown {
    try {
      if (run === undefined) return onMessage(message, usesNode ? nodeFor(id, done) : undefined);
      const hold = new Hold(true);
      const scriptNode = nodeFor(id, done, hold);
      return hold.during(() => run(() => onMessage(message, scriptNode)));
    } catch (error) {
      throw thrown(error, filename);
    }
  }

  function work(message: FlowMessage): void | Promise<void> {
    const id = message._msgid ?? nextMessageId();
    const results = call(message, id, nothing);
    if (!isThenable(results)) return sendResults(sending, id, results, false);
    return Promise.resolve(results).then(
      (known) => sendResults(sending, id, known, false),
      (error: unknown) => {
        throw thrown(error, filename);
      },
    );
  }

  /** The code says itself when it is done. */
  function untilDone(message: FlowMessage): Promise<void> {
    const id = message._msgid ?? nextMessageId();
    return new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void => reject(thrown(error, filename));
      const done = (error?: unknown): void => (error ? fail(error) : resolve());
      const results = call(message, id, done);
      if (!isThenable(results)) sendResults(sending, id, results, false);
      else Promise.resolve(results).then((known) => sendResults(sending, id, known, false), fail);
    });
  }
});

function nothing(): void {}

function globalLimitInMs(settings: object): number {
  const limit: unknown = Reflect.get(settings, 'globalFunctionTimeout');
  return typeof limit === 'number' ? limit * 1000 : 0;
}

/** Promises of the script's realm are no `Promise` of this one. */
const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
