import assert from 'node:assert/strict';
import { pathPattern, pathPatternProblem } from '../../src/http/path-pattern.ts';
import { RouteTable } from '../../src/http/route-table.ts';

describe('a path pattern', () => {
  const cases: [pattern: string, path: string, places: Record<string, string> | undefined][] = [
    ['/a', '/a', {}],
    ['/a', '/A/', {}],
    ['a', '/a', {}],
    ['/a', '/a/b', undefined],
    ['/', '/', {}],
    ['/users/:name', '/users/J%C3%BCrgen', { name: 'Jürgen' }],
    ['/users/:name', '/users/a%2Fb', { name: 'a/b' }],
    ['/users/:name', '/users/', undefined],
    ['/users/:name', '/users/a/b', undefined],
    ['/users/:name?', '/users', {}],
    ['/users/:name?', '/users/x', { name: 'x' }],
    ['/:from-:to', '/a-b', { from: 'a', to: 'b' }],
    [String.raw`/n/:id(\d+)`, '/n/12', { id: '12' }],
    [String.raw`/n/:id(\d+)`, '/n/x', undefined],
    ['/files/*', '/files/a/b.txt', { 0: 'a/b.txt' }],
    ['/files/*rest', '/files/a/b', { rest: 'a/b' }],
    ['/a.b', '/axb', undefined],
  ];
  for (const [pattern, path, places] of cases) {
    it(`${pattern} ${places === undefined ? 'does not fit' : 'fits'} ${path}`, () => {
      assert.deepEqual(pathPattern(pattern).match(path), places);
    });
  }

  it('is refused for what no path can be', () => {
    for (const pattern of ['/a?b=1', '/a#b', '/a b', '/:a/:a', '/:a([)']) {
      assert.notEqual(pathPatternProblem(pattern), undefined, pattern);
    }
    assert.equal(pathPatternProblem(String.raw`/a/:b?/:c(\w+)/*`), undefined);
  });
});

describe('a table of routes', () => {
  it('finds a path without places before one with, and says which methods there are', () => {
    const table = new RouteTable<string>();
    table.add('GET', '/users/:name', 'one');
    table.add('GET', '/users/me', 'me');
    table.add('POST', '/users/:name', 'change');
    const drop = table.add('ANY', '/any', 'any');
    assert.deepEqual(table.find('GET', '/users/me'), { owner: 'me', params: {} });
    assert.deepEqual(table.find('POST', '/users/me'), { owner: 'change', params: { name: 'me' } });
    assert.deepEqual(table.find('HEAD', '/users/x'), { owner: 'one', params: { name: 'x' } });
    assert.deepEqual(table.find('PUT', '/users/x'), { allow: 'GET, POST, HEAD, OPTIONS' });
    assert.deepEqual(table.find('DELETE', '/any'), { owner: 'any', params: {} });
    assert.equal(table.find('GET', '/nothing'), undefined);
    assert.throws(() => table.find('GET', '/users/%ff'), URIError);
    assert.throws(() => table.add('GET', '/users/me', 'x'), /is served already/);
    drop();
    assert.equal(table.find('GET', '/any'), undefined);
  });
});
