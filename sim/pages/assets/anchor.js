// The anchor of an address, which anybody can type.

/** An anchor as an element has it for its id; what is no encoding of anything stays as it is. */
export function decoded(anchor) {
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}
