// The public API, spelled out. What is not here may change without notice.
export { Fault, isFault, errorLine, type FaultCode, type FaultDetails } from './fault.ts';

export { parseChart, type ParsedChart } from './chart/parse/parse-chart.ts';
export { chartToFlow, type ChartFlow, type ToFlowOptions } from './chart/to-flow.ts';

export { endpoints } from './endpoints/index.ts';
export type { Endpoint, Link, LinkLimits, Listener, Source, TlsIdentity } from './endpoint/endpoint.ts';
export type { LinkState } from './endpoint/link-state.ts';
export type { Message, ReceivedMessage } from './endpoint/message.ts';
export type { ProtocolName, Traits } from './endpoint/traits.ts';

export { openBroker } from './broker/open-broker.ts';
export type { Authorize, Broker, BrokerMessage } from './broker/broker.ts';
export { openDoor, type DoorSettings } from './front-door/open-door.ts';
export type { Door } from './front-door/door.ts';
export { openAuthority, type Authority } from './security/certificates.ts';

export { createChooser, type Chooser } from './choose/chooser.ts';
export { createPolicy, policyProblem, type Policy } from './choose/policy.ts';
export type { DeviceProfile } from './devices/device-profile.ts';

export { openRelease, sealRelease, type SealedRelease } from './fleet/release.ts';
