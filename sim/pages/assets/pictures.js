// What each panel of the page shows just now, for whoever stands beside it: a table of its numbers, for instance.
const latest = new Map(); // a panel's id → the last picture that it has shown
const followers = new Map(); // a panel's id → those who want to be told

/** A panel says what it shows. */
export function tell(id, picture) {
  latest.set(id, picture);
  for (const follower of followers.get(id) ?? []) follower(picture);
}

/** Be told of each picture of a panel, and at once of the one that it shows; returns how to stop that. */
export function follow(id, follower) {
  if (!followers.has(id)) followers.set(id, new Set());
  followers.get(id).add(follower);
  if (latest.has(id)) follower(latest.get(id));
  return () => followers.get(id).delete(follower);
}

/** A panel has left the page. */
export function forget(id) {
  latest.delete(id);
}
