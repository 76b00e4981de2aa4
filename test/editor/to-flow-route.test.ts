import assert from 'node:assert/strict';
import { startChartwire, type TestHost } from '../support/host.ts';

const ROUTE = '/chartwire/chart/to-flow';

describe('what the editor asks about a chart', function () {
  this.timeout(60_000);
  let host: TestHost;
  before(async () => {
    host = await startChartwire();
  });
  after(() => host?.stop());

  const ask = async (body: unknown): Promise<{ status: number; answer: Record<string, unknown> }> => {
    const response = await host.api(ROUTE, { method: 'POST', body });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  };

  it('answers with the flow and what each box becomes, and changes nothing', async () => {
    const before = await (await host.api('/flows')).text();
    const { status, answer } = await ask({ text: 'graph TD;A-->B', name: 'two' });
    assert.equal(status, 200);
    const flow = answer['flow'] as { type: string; label?: string }[];
    assert.equal(flow.find(({ type }) => type === 'tab')?.label, 'two');
    assert.deepEqual(
      (answer['explained'] as { chartId: string }[]).map(({ chartId }) => chartId),
      ['A', 'B'],
    );
    assert.equal(answer['arrows'], 1);
    assert.equal(await (await host.api('/flows')).text(), before);
  });

  it('gives the same ids for the same chart, and others for another id', async () => {
    const idsOf = async (body: object): Promise<string> => {
      const { answer } = await ask({ text: 'graph TD;A-->B', name: 'two', ...body });
      return JSON.stringify((answer['flow'] as { id: string }[]).map(({ id }) => id));
    };
    assert.equal(await idsOf({}), await idsOf({}));
    assert.notEqual(await idsOf({}), await idsOf({ id: 'copy' }));
  });

  it('says where a chart is wrong and what was expected there', async () => {
    const { status, answer } = await ask({ text: 'graph TD;\nA[a (b)] --> C', name: 'wrong' });
    assert.equal(status, 422);
    const [first] = answer['diagnostics'] as Record<string, unknown>[];
    assert.deepEqual(Object.keys(first ?? {}).toSorted(), ['column', 'expected', 'line', 'message', 'severity']);
    assert.deepEqual([first?.['line'], first?.['column'], first?.['severity']], [2, 5, 'error']);
  });

  const refused: [string, unknown, number, string][] = [
    ['nothing', undefined, 400, 'MESSAGE_INVALID'],
    ['a list', [], 400, 'MESSAGE_INVALID'],
    ['a text that is none', { text: 1, name: 'x' }, 400, 'MESSAGE_INVALID'],
    ['no name', { text: 'graph TD' }, 400, 'MESSAGE_INVALID'],
    ['an id that is no text', { text: 'graph TD', name: 'x', id: {} }, 400, 'MESSAGE_INVALID'],
    ['more than 1 MiB', { text: `graph TD\n${'%% \n'.repeat(270_000)}`, name: 'x' }, 413, 'PAYLOAD_TOO_LARGE'],
  ];
  for (const [what, body, status, code] of refused) {
    it(`refuses ${what}`, async () => {
      const told = await ask(body);
      assert.deepEqual([told.status, told.answer['code']], [status, code]);
    });
  }

  it('serves nobody without a login', async () => {
    for (const authorization of ['', 'Bearer wrong']) {
      const response = await host.api(ROUTE, {
        method: 'POST',
        headers: { authorization },
        body: { text: 'graph TD', name: 'x' },
      });
      assert.equal(response.status, 401);
    }
  });
});
