// The page: what is shown, and what happens when something is done.

import * as server from "./ask.js";
import { entriesOf, nextOpen, opened, split } from "./queue.js";
import * as view from "./view.js";
import { listenToKeys } from "./keys.js";

const { find } = view;
const state = { questions: [], question: null, answers: new Map(), entries: [], at: 0, members: [], chosen: new Set(), snippets: [] };
const drafts = new Map(); // what was typed and isn't saved, by the first answer of an entry

const width = () => find("width").value;
const aspect = () => find("aspect").value;
const boxes = () => [...document.querySelectorAll("#aspects input")];
const first = () => state.members[0];

function tell(text) {
  find("alert").textContent = "";
  find("status").textContent = text;
}

function warn(text) {
  find("status").textContent = "";
  find("alert").textContent = text;
}

// Do what the server has a part in; what it refuses is told, and what was typed stays.
async function attempt(what) {
  if (document.body.ariaBusy === "true") return;
  document.body.ariaBusy = "true";
  try {
    await what();
  } catch (error) {
    warn(error.message);
  } finally {
    document.body.ariaBusy = "false";
  }
}

// --- the form

function pointsIn(box) {
  const text = box.value.trim().replace(",", ".");
  if (!text) return null;
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  return value <= Number(box.dataset.most) ? value : NaN;
}

const typed = () => Object.fromEntries(boxes().map((box) => [box.dataset.aspect, pointsIn(box)]));

function check() {
  const values = boxes().map((box, place) => {
    const points = pointsIn(box);
    const wrong = Number.isNaN(points);
    box.setAttribute("aria-invalid", String(wrong));
    find(`wrong-${place}`).textContent = wrong ? `Type a number from 0 to ${view.number(box.dataset.most)}.` : "";
    for (const button of document.querySelectorAll(`[data-for="${box.id}"]`)) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.points) === points));
    }
    return points;
  });
  const sum = values.filter(Number.isFinite).reduce((all, one) => all + one, 0);
  const lacking = values.filter((points) => points === null).length;
  const more = lacking ? `, ${lacking} aspect${lacking > 1 ? "s" : ""} to go` : "";
  find("total").textContent = `${view.pointsOf(sum, state.question.points)}${more}`;
  return values.every((points) => !Number.isNaN(points));
}

function fill(points, comment) {
  for (const box of boxes()) {
    const value = points[box.dataset.aspect];
    box.value = value === null || value === undefined || Number.isNaN(value) ? "" : view.number(value);
    box.closest(".aspect").hidden = Boolean(aspect()) && box.dataset.aspect !== aspect();
  }
  find("comment").value = comment;
  check();
}

const isChanged = () => JSON.stringify([typed(), find("comment").value]) !== JSON.stringify([first().points, first().comment]);

function focusRubric(last = false) {
  const seen = boxes().filter((box) => box.offsetParent);
  (last ? seen.at(-1) : seen.find((box) => !box.value) ?? seen[0])?.focus();
}

// The aspect that is in work shows its levels whole. While a button of the mouse is down nothing may move: it would
// come up over something else.
let pressed = false;

function markCurrent() {
  const current = document.activeElement.closest(".aspect");
  if (pressed || !current) return;
  for (const one of document.querySelectorAll(".aspect")) one.classList.toggle("current", one === current);
}

function whenReleased() {
  setTimeout(() => {
    pressed = false;
    markCurrent();
  });
}

// --- what is shown

function show(at, { keep = true, focus = true } = {}) {
  if (keep && first()) {
    if (isChanged()) drafts.set(first().id, [typed(), find("comment").value]);
    else drafts.delete(first().id);
  }
  state.at = at;
  const entry = opened(state.entries[at], state.answers, aspect());
  Object.assign(state, entry);
  render();
  const [points, comment] = drafts.get(first().id) ?? [first().points, first().comment];
  fill(points, comment);
  if (focus) focusRubric();
  window.scrollTo({ top: 0 });
  compare();
}

function render() {
  const read = [...state.answers.values()].filter((answer) => answer.state === "read").length;
  view.showProgress(read, state.answers.size);
  view.showAnswer(first(), state.chosen.size);
  view.showMembers(state.members, state.chosen);
  view.showQueue(state.entries, state.answers, state.at);
}

async function compare() {
  const [one, ...others] = state.members;
  if (!others.length) return;
  const found = await server.differences(state.question.id, one.id, others.map((answer) => answer.id)).catch(() => null);
  if (found && first() === one) view.showDifferences(found);
}

async function load() {
  const chosen = state.question.id;
  const found = await server.answers(chosen, width() === "one" ? "narrow" : width());
  state.answers = new Map(found.answers.map((answer) => [answer.id, answer]));
  state.entries = entriesOf(found.answers, found.groups, width());
  state.snippets = found.snippets;
  view.showSnippets(found.snippets);
  drafts.clear();
  state.members = [];
  find("main").hidden = !state.entries.length;
  if (!state.entries.length) {
    view.showProgress(0, 0);
    tell("Nothing was written to this question.");
    return;
  }
  show(Math.max(0, nextOpen(state.entries, -1, state.answers, aspect())), { keep: false });
}

function choose(id) {
  state.question = state.questions.find((question) => question.id === id);
  view.showQuestion(state.question);
  return load();
}

function take(answers) {
  for (const answer of answers) {
    state.answers.set(answer.id, { ...answer, number: state.answers.get(answer.id).number });
  }
}

// --- what is done

const where = () => `${find("answer-title").textContent} ${find("who").textContent}`.trim();
const count = (many) => (many === 1 ? "1 answer" : `${many} answers`);

async function save() {
  if (!check()) {
    boxes().find((box) => box.getAttribute("aria-invalid") === "true").focus();
    return;
  }
  const points = typed();
  const comment = find("comment").value;
  if (Object.values(points).every((value) => value === null)) throw new Error("No points are given yet.");
  const seen = Object.fromEntries([...state.chosen].map((id) => [id, state.answers.get(id).seen]));
  const found = await server.give(state.question.id, seen, points, comment);
  take(found.answers);
  const done = [...state.chosen].filter((id) => !found.refused.includes(id));
  if (found.refused.length) {
    state.members = state.members.map((answer) => state.answers.get(answer.id));
    state.chosen = new Set(found.refused);
    if (found.refused.includes(first().id)) render();
    else {
      state.entries = [...state.entries.slice(0, state.at), done, found.refused, ...state.entries.slice(state.at + 1)].filter((ids) => ids.length);
      drafts.set(found.refused[0], [points, comment]);
      show(state.entries.findIndex((ids) => ids === found.refused), { keep: false });
    }
    compare();
    warn(`${found.refused.map((id) => view.called(state.answers.get(id))).join(", ")}: somebody changed this since you saw it, so it was left as it is now. Look at it again; saving once more puts yours in its place.`);
    return;
  }
  drafts.delete(first().id);
  const lacking = Object.values(points).some((value) => value === null);
  const sum = Object.values(points).reduce((all, value) => all + (value ?? 0), 0);
  state.entries = split(state.entries, state.at, done, state.answers, aspect());
  const next = nextOpen(state.entries, state.at, state.answers, aspect());
  show(next >= 0 ? next : Math.min(state.at + 1, state.entries.length - 1), { keep: false });
  const end = next < 0 ? ` ${aspect() ? "This aspect has points everywhere." : "All texts of this question are read."}` : "";
  tell(`Saved: ${view.pointsOf(sum, state.question.points)}${lacking ? " so far" : ""} for ${count(done.length)}.${end || ` ${where()}`}`);
}

async function undo() {
  const found = await server.takeBack();
  if (found.question !== state.question.id) {
    find("question").value = found.question;
    await choose(found.question);
  }
  take(found.answers);
  const ids = found.answers.map((answer) => answer.id);
  const at = state.entries.findIndex((entry) => entry.includes(ids[0]));
  show(Math.max(at, 0), { keep: false });
  const left = found.refused.length ? ` ${count(found.refused.length)} stayed: somebody changed them since.` : "";
  tell(`Taken back for ${count(ids.length - found.refused.length)}.${left}`);
}

function move(step) {
  show((state.at + step + state.entries.length) % state.entries.length);
  tell(where());
}

function toggle(id, ticked) {
  if (ticked) state.chosen.add(id);
  else state.chosen.delete(id);
  view.showAnswer(first(), state.chosen.size);
}

function insert(text) {
  const comment = find("comment");
  const before = comment.value.slice(0, comment.selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  comment.setRangeText(gap + text, comment.selectionStart, comment.selectionEnd, "end");
  comment.focus();
}

async function changeSnippets(text, remove) {
  state.snippets = (await server.snippets(state.question.id, text, remove)).snippets;
  view.showSnippets(state.snippets);
  tell(remove ? "The snippet is removed." : "The comment is kept as a snippet.");
}

const actions = {
  save: () => attempt(save),
  undo: () => attempt(undo),
  next: () => move(1),
  previous: () => move(-1),
  rubric: focusRubric,
  comment: () => find("comment").focus(),
  answer: () => find("text").focus(),
  snippets: () => (document.querySelector(".snippet") ?? find("keep-snippet")).focus(),
  members: () => document.querySelector("#members input")?.focus(),
  keys: () => find("keys").showModal(),
  keep: () => attempt(() => changeSnippets(find("comment").value, false)),
  remove: (text) => attempt(async () => {
    await changeSnippets(text, true);
    actions.snippets();
  }),
  insert,
  models: () => {
    const parts = [find("model-part"), find("weak-part")];
    const open = !parts.some((part) => part.open);
    for (const part of parts) part.open = open;
  },
};

find("sheet").addEventListener("submit", (event) => { event.preventDefault(); actions.save(); });
find("sheet").addEventListener("input", check);
find("sheet").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.for) {
    find(button.dataset.for).value = view.number(button.dataset.points);
    check();
  }
  if (button?.dataset.snippet) insert(button.dataset.snippet);
  if (button?.dataset.remove) actions.remove(button.dataset.remove);
});
find("sheet").addEventListener("focusin", markCurrent);
document.addEventListener("pointerdown", () => { pressed = true; });
document.addEventListener("pointerup", whenReleased);
document.addEventListener("pointercancel", whenReleased);
find("members").addEventListener("change", (event) => toggle(event.target.value, event.target.checked));
find("queue").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) show(Number(button.dataset.entry));
});
find("back").addEventListener("click", actions.previous);
find("skip").addEventListener("click", actions.next);
find("undo").addEventListener("click", actions.undo);
find("keep-snippet").addEventListener("click", actions.keep);
find("show-keys").addEventListener("click", actions.keys);
find("width").addEventListener("change", () => attempt(load));
find("aspect").addEventListener("change", () => {
  const open = nextOpen(state.entries, -1, state.answers, aspect());
  show(open >= 0 ? open : state.at);
});
find("question").addEventListener("change", (event) => attempt(() => choose(event.target.value)));
window.addEventListener("beforeunload", (event) => {
  if (drafts.size || (first() && isChanged())) event.preventDefault();
});
listenToKeys(actions);

attempt(async () => {
  const found = await server.questions();
  state.questions = found.questions;
  if (!found.finds_alike) {
    for (const name of ["narrow", "wide"]) find("width").querySelector(`[value=${name}]`).remove();
    find("width").querySelector("[value=middle]").textContent = "in groups of equal texts";
    find("width").title = "Texts that are alike are grouped, too, where scikit-learn is installed.";
  }
  find("question").replaceChildren(...found.questions.map((one) => view.make("option", { value: one.id }, one.id)));
  find("question-choice").hidden = found.questions.length < 2;
  await choose(found.questions[0].id);
});
