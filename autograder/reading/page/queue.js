// Which answers are read together, and in which order.

// An entry is a list of answers' ids, the most typical first.
export function entriesOf(answers, groups, width) {
  if (width === "one") return answers.map((answer) => [answer.id]);
  const known = new Map(answers.map((answer) => [answer.id, answer]));
  const waits = (ids) => ids.some((id) => known.get(id).state !== "read");
  const lists = groups.map((group) => group.ids);
  return [...lists.filter(waits), ...lists.filter((ids) => !waits(ids))];
}

// What an answer has is what the form shows, so that a group may only share what is the same.
export const given = (answer) => JSON.stringify([answer.points, answer.comment, answer.elsewhere && answer.total]);

export function lacks(answer, aspect) {
  return aspect ? answer.points[aspect] === null && !answer.elsewhere || answer.state === "again" : answer.state !== "read";
}

// The answers of an entry, the one that is shown first, and those that are graded with it unless they are taken out.
export function opened(entry, answers, aspect) {
  const all = entry.map((id) => answers.get(id));
  const open = all.filter((answer) => lacks(answer, aspect));
  const first = open[0] ?? all[0];
  const alike = (open.length ? open : all).filter((answer) => given(answer) === given(first));
  return { members: [first, ...all.filter((answer) => answer !== first)], chosen: new Set(alike.map((one) => one.id)) };
}

// The entry is done with; what was left out of it, and still lacks points, follows as an entry of its own.
export function split(entries, at, done, answers, aspect) {
  const left = entries[at].filter((id) => !done.includes(id) && lacks(answers.get(id), aspect));
  if (!left.length) return entries;
  const stays = entries[at].filter((id) => !left.includes(id));
  return [...entries.slice(0, at), stays, left, ...entries.slice(at + 1)];
}

// The next entry after `at` in which something lacks points, else the first one, else -1.
export function nextOpen(entries, at, answers, aspect) {
  const open = (entry) => entry.some((id) => lacks(answers.get(id), aspect));
  const after = entries.findIndex((entry, place) => place > at && open(entry));
  return after >= 0 ? after : entries.findIndex(open);
}
