// Arrays of numbers as they travel: a list, or {dtype, bdata} as Plotly's Python side writes them.
const KINDS = {
  i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array,
};
const NONE = [];

/** Bytes from base64. */
export function bytes(text) {
  const letters = atob(text);
  const found = new Uint8Array(letters.length);
  for (let index = 0; index < letters.length; index++) found[index] = letters.charCodeAt(index);
  return found;
}

/** The numbers of an array in any of its forms; none for what is no array. */
export function numbers(given) {
  if (Array.isArray(given) || ArrayBuffer.isView(given)) return given;
  if (!given?.bdata) return NONE;
  return new KINDS[given.dtype](bytes(given.bdata).buffer);
}
