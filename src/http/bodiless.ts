/** An answer of which only the head is sent, whatever it is made of (RFC 9110, 6.4.1). */
export const isBodiless = (method: string, status: number): boolean =>
  method === 'HEAD' || status === 204 || status === 304;
