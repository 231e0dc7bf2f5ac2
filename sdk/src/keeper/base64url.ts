/** Base64url without padding (RFC 4648, section 5). */
export function toBase64Url(input: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < input.length; i += 0x8000)
    binary += String.fromCharCode(...input.subarray(i, i + 0x8000));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes, or undefined if the text is not exactly what {@link toBase64Url} writes. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const decoded = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    return toBase64Url(decoded) === text ? decoded : undefined;
  } catch {
    return undefined;
  }
}
