/** An id that is this browser's alone; crypto.randomUUID is missing on pages that are not secure. */
export function token() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
