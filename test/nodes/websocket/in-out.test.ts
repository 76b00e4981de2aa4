import { inOutSuite } from '../../support/in-out-suite.ts';

inOutSuite({
  protocol: 'websocket',
  pair: async () => ({ listener: { path: '/plant/one' }, link: { path: '/plant/one' } }),
  taken: 'PATH_TAKEN',
});
