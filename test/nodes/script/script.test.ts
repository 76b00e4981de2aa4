import assert from 'node:assert/strict';
import type { FlowMessage } from '../../../nodes/adapter/message.ts';
import {
  catching,
  code,
  errorText,
  recorder,
  startNodeRed,
  tab,
  type StoredNode,
  type TestNodeRed,
} from '../../support/node-red.ts';

const z = tab.id;

/** Each is run by the core node function and by ours; both must send the same. */
const same: readonly (readonly [string, string, FlowMessage?])[] = [
  ['returns the message', 'msg.payload += 1;\nreturn msg;', { payload: 1 }],
  ['returns another message', 'return { payload: "new" };'],
  ['returns nothing', 'node.send({ payload: "only this" });'],
  ['returns for several outputs', 'return [{ payload: 1 }, null, { payload: 3 }];'],
  ['returns several messages for an output', 'return [[{ payload: 1 }, { payload: 2 }], { payload: 3 }];'],
  ['sends a copy and goes on', 'node.send(msg);\nmsg.payload = "changed";\nreturn msg;', { payload: 'first' }],
  ['sends to several outputs', 'node.send([null, msg, [msg, msg]]);', { payload: 'x' }],
  ['awaits', 'await new Promise((resolve) => setTimeout(resolve, 5));\nreturn msg;', { payload: 'later' }],
  ['returns a promise', 'return Promise.resolve(msg);', { payload: 'later' }],
  ['uses a timer', 'setTimeout(() => { msg.payload = "timed"; node.send(msg); node.done(); }, 5);'],
  ['uses its context', 'context.set("n", (context.get("n") || 0) + 1);\nmsg.payload = context.get("n");\nreturn msg;'],
  ['uses the context of the flow', 'flow.set("a.b", 1);\nmsg.payload = [flow.get("a"), flow.keys()];\nreturn msg;'],
  ['uses the context of all flows', 'global.set("c", 2);\nmsg.payload = global.get("c");\nreturn msg;'],
  ['reads the environment', 'msg.payload = [env.get("CHARTWIRE_SCRIPT_TEST"), env.get("NR_FLOW_NAME")];\nreturn msg;'],
  [
    'uses RED.util',
    'return { payload: RED.util.cloneMessage({ a: [1] }).a, value: RED.util.getMessageProperty(msg, "payload") };',
  ],
  [
    'uses Buffer, URL and util',
    'msg.payload = [Buffer.from("a").toString("hex"), new URL("http://a/b").pathname, util.format("%d", 1)];\nreturn msg;',
  ],
  ['knows itself', 'msg.payload = [node.outputCount, typeof node.id, node.name];\nreturn msg;'],
  [
    'keeps what it forgot to declare',
    'counter = typeof counter === "undefined" ? 1 : counter + 1;\nmsg.payload = counter;\nreturn msg;',
  ],
  ['knows no process and no require', 'msg.payload = [typeof process, typeof require];\nreturn msg;'],
  ['refuses what is no message', 'node.send("text");\nreturn msg;'],
];

describe('a script node', () => {
  let red: TestNodeRed;
  before(async () => {
    process.env['CHARTWIRE_SCRIPT_TEST'] = 'from outside';
    red = await startNodeRed({ notes: 'recorders' });
  });
  after(async () => {
    delete process.env['CHARTWIRE_SCRIPT_TEST'];
    await red.stop();
  });

  const node = (id: string, type: string, func: string, part: object = {}): StoredNode[] => [
    { ...code(id, type, func, ...[0, 1, 2].map((output) => [`${id}-${output}`])), name: 'script', ...part },
    ...[0, 1, 2].map((output) => recorder(`${id}-${output}`)),
  ];
  const caught: readonly StoredNode[] = [...catching.filter(({ id }) => id !== 'caught'), recorder('caught')];
  const ours = (func: string, part: object = {}): StoredNode[] => [
    tab,
    ...node('ours', 'chartwire-script', func, part),
    ...caught,
  ];
  const firstError = async (): Promise<string> => errorText((await red.receivedBy('caught', 1))[0] ?? {});

  for (const [what, func, message = {}] of same) {
    it(`${what}, as the core node does`, async () => {
      await red.deploy([tab, ...node('core', 'function', func), ...node('ours', 'chartwire-script', func)]);
      for (const id of ['core', 'ours']) {
        for (const number of [1, 2]) {
          red.send(id, { ...structuredClone(message), number, _msgid: `m${number}` });
          await new Promise(setImmediate);
        }
      }
      const count = (id: string): number =>
        [0, 1, 2].reduce((sum, output) => sum + red.received(`${id}-${output}`).length, 0);
      while (count('core') < 2 || count('ours') < count('core')) await new Promise((resolve) => setTimeout(resolve, 5));
      for (const output of [0, 1, 2])
        assert.deepEqual(plain(red.received(`ours-${output}`)), plain(red.received(`core-${output}`)));
    });
  }

  it('runs code at the start, before the first message, and waits for it', async () => {
    await red.deploy(
      ours('msg.payload = context.get("ready");\nreturn msg;', {
        initialize:
          'await new Promise((resolve) => setTimeout(resolve, 20));\ncontext.set("ready", true);\nnode.send({ payload: "started" });',
      }),
    );
    red.send('ours', {});
    const payloads = (await red.receivedBy('ours-0', 2)).map(({ payload }) => payload);
    assert.deepEqual(payloads, ['started', true]);
  });

  it('runs code when it stops', async () => {
    await red.deploy(ours('return msg;', { finalize: 'global.set("stopped", node.id);' }));
    await red.deploy(ours('msg.payload = global.get("stopped");\nreturn msg;'));
    red.send('ours', {});
    assert.equal((await red.receivedBy('ours-0', 1))[0]?.payload, 'ours');
  });

  it('ends its timers when it stops', async () => {
    await red.deploy(ours('setInterval(() => node.send({ payload: "tick" }), 1);'));
    red.send('ours', {});
    await red.receivedBy('ours-0', 2);
    await red.deploy(ours('return msg;'));
    red.send('ours', { payload: 'asked' });
    assert.equal((await red.receivedBy('ours-0', 1))[0]?.payload, 'asked');
  });

  const errors: readonly (readonly [string, string, RegExp])[] = [
    ['throws an error', '\nthrow new Error("no");', /^Error: no \(line 2, column 7\)$/],
    ['throws text', 'throw "no";', /^no$/],
    [
      'uses what is not there',
      'const a = 1;\n  missing();',
      /^ReferenceError: missing is not defined \(line 2, column 3\)$/,
    ],
    ['rejects after await', 'await null;\nthrow new TypeError("later");', /^TypeError: later \(line 2, column 7\)$/],
    ['ends with an error of its own', 'node.done(new Error("done"));', /^Error: done/],
    ['tells one and goes on', 'node.error("told", msg);', /^told$/],
  ];
  for (const [what, func, text] of errors) {
    it(`gives the message to Catch, with the line, when it ${what}`, async () => {
      await red.deploy(ours(func));
      red.send('ours', { payload: 1 });
      assert.match(await firstError(), text);
      assert.equal(red.received('caught')[0]?.payload, 1);
    });
  }

  for (const [what, part] of [
    ['On message', { func: 'let a = 1;\nreturn a +;' }],
    ['On start', { initialize: '\nlet 1;' }],
    ['On stop', { finalize: '\n}' }],
  ] as const) {
    it(`says where the code ${what} cannot be read`, async () => {
      await red.deploy(ours('return msg;', part));
      assert.match(await firstError(), new RegExp(`^SETTINGS_INVALID: wrong settings: ${what}, line 2, column \\d+: `));
    });
  }

  it('is ended by its time limit when it runs in a loop, and takes the next message', async () => {
    await red.deploy(ours('while (msg.payload === "loop");\nreturn msg;', { timeout: 0.5 }));
    red.send('ours', { payload: 'loop' });
    red.send('ours', { payload: 'fine' });
    assert.match(await firstError(), /^SCRIPT_TIMEOUT: .* 500 ms/);
    assert.equal((await red.receivedBy('ours-0', 1))[0]?.payload, 'fine');
  });

  it('sends under a time limit as without one', async () => {
    await red.deploy(
      ours('node.send(msg);\nmsg.payload = 2;\nawait null;\nnode.send(msg);\nreturn { payload: 3 };', { timeout: 5 }),
    );
    red.send('ours', { payload: 1 });
    assert.deepEqual(
      (await red.receivedBy('ours-0', 3)).map(({ payload }) => payload),
      [1, 2, 3],
    );
  });

  it('uses modules by the names it gives them, as the core node does', async () => {
    const libs = [
      { var: 'crypto', module: 'crypto' },
      { var: 'join', module: 'path' },
    ];
    const func =
      'msg.payload = [crypto.createHash("md5").update("a").digest("hex"), join.join("a", "b")];\nreturn msg;';
    await red.deploy([
      tab,
      ...node('core', 'function', func, { libs }),
      ...node('ours', 'chartwire-script', func, { libs }),
    ]);
    for (const id of ['core', 'ours']) red.send(id, {});
    const [core] = await red.receivedBy('core-0', 1);
    const [own] = await red.receivedBy('ours-0', 1);
    assert.deepEqual(plain([own ?? {}])[0]?.payload, plain([core ?? {}])[0]?.payload);
  });

  it('refuses a module with a name that has a meaning already', async () => {
    await red.deploy(ours('return msg;', { libs: [{ var: 'Buffer', module: 'path' }] }));
    assert.match(await firstError(), /^SETTINGS_INVALID: .* a module cannot be called Buffer/);
  });

  const called: readonly StoredNode[] = [
    { id: 'callee', type: 'link in', name: 'callee', z, links: [], wires: [['twice']] },
    { id: 'twice', type: 'chartwire-script', z, func: 'msg.payload *= 2;\nreturn msg;', outputs: 1, wires: [['back']] },
    { id: 'back', type: 'link out', z, mode: 'return', links: [], wires: [] },
  ];

  it('calls a flow and goes on with what it returns, as the core node does', async () => {
    const func =
      'const answer = await node.linkcall("callee", msg);\nreturn { payload: [msg.payload, answer.payload] };';
    await red.deploy([tab, ...called, ...node('core', 'function', func), ...node('ours', 'chartwire-script', func)]);
    for (const id of ['core', 'ours']) red.send(id, { payload: 21 });
    for (const id of ['core', 'ours']) {
      assert.deepEqual(plain(await red.receivedBy(`${id}-0`, 1))[0]?.payload, [21, 42]);
    }
  });

  it('fails when the flow it calls does not return, or is not there', async () => {
    const [callee] = called;
    const func = 'await node.linkcall(msg.target, msg, { timeout: 20 });';
    await red.deploy([...ours(func), { ...callee, wires: [[]] } as StoredNode]);
    red.send('ours', { target: 'callee' });
    assert.match(
      await firstError(),
      /^LINK_CALL_UNANSWERED: the flow that begins at callee did not return within 20 ms/,
    );
    red.send('ours', { target: '' });
    assert.match(errorText((await red.receivedBy('caught', 2))[1] ?? {}), /needs the name or id/);
  });

  it('refuses to listen to its own input', async () => {
    await red.deploy(ours('node.on("input", () => {});'));
    red.send('ours', {});
    assert.match(await firstError(), /own input/);
  });
});

/** Values of another realm have other prototypes. */
const plain = (messages: readonly FlowMessage[]): FlowMessage[] =>
  JSON.parse(JSON.stringify(messages)) as FlowMessage[];
