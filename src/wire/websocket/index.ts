export { closeCodes } from './close-codes.ts';
export { FrameDecoder, type FrameSink, type Malformed } from './decoder.ts';
export { deflateFor, newInflate, type Deflate } from './deflate.ts';
export { chooseDeflate, deflateOffer, readDeflateAnswer, type DeflateAgreement } from './deflate-agreement.ts';
export { closeFrame, frameOf, headerBytes, writeHeader } from './frame-bytes.ts';
export { acceptKey, isHandshakeKey, parseProtocols } from './handshake.ts';
export { applyMask, newMask } from './mask.ts';
export { opcodes } from './opcodes.ts';
