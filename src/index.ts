// The public API. What is not here may change without notice.
export { Fault, isFault, errorLine, type FaultCode } from './fault.ts';
