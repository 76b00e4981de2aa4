import { inOutSuite } from '../../support/in-out-suite.ts';
import { peerPair } from './pair.ts';

inOutSuite({ protocol: 'peer', pair: peerPair, taken: 'PORT_TAKEN' });
