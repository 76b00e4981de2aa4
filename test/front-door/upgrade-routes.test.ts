import assert from 'node:assert/strict';
import { UpgradeRoutes } from '../../src/front-door/upgrade-routes.ts';

describe('the paths of WebSockets', () => {
  const handler = (): void => undefined;
  const exact = (): void => undefined;

  it('have parameters, which any one name fits, decoded', () => {
    const routes = new UpgradeRoutes();
    routes.mount('/plant/:line/live', handler);
    routes.mount('/plant/one/live', exact);
    assert.deepEqual(routes.find('/plant/a%20b/live'), { handler, parameters: { line: 'a b' } });
    assert.equal(routes.find('/plant/one/live')?.handler, exact);
    for (const path of ['/plant//live', '/plant/x', '/plant/x/live/more', '/plant/%zz/live']) {
      assert.equal(routes.find(path), undefined);
    }
  });

  it('have one owner each, until it goes', () => {
    const routes = new UpgradeRoutes();
    const unmount = routes.mount('/plant/:line', handler);
    assert.throws(() => routes.mount('/plant/:other', handler), { code: 'PATH_TAKEN' });
    routes.mount('/plant/:line/more', handler);
    unmount();
    routes.mount('/plant/:other', exact);
    assert.deepEqual(routes.find('/plant/7'), { handler: exact, parameters: { other: '7' } });
  });
});
