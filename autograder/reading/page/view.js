// What is put into the page. Every text of a student goes in as text, never as HTML.

export const find = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

export const number = (value) => String(Math.round(value * 100) / 100);
export const pointsOf = (value, most) => `${number(value)} of ${number(most)}`;

// The course's own texts have code between backticks.
export function withCode(text) {
  return text.split("`").map((part, place) => (place % 2 ? make("code", {}, part) : part));
}

export function called(answer) {
  return answer.name ?? `answer ${answer.number}`;
}

const upper = (text) => text[0].toUpperCase() + text.slice(1);

export function showQuestion(question) {
  find("where").textContent = `${question.assignment}, ${question.name}`;
  document.title = `Reading ${question.name}`;
  find("stem").replaceChildren(...withCode(question.stem));
  find("model").replaceChildren(...withCode(question.model));
  find("weak").replaceChildren(...withCode(question.weak));
  const all = [make("option", { value: "" }, "all at once"), ...question.aspects.map((one) => make("option", { value: one.name }, `only: ${one.name}`))];
  find("aspect").replaceChildren(...all);
  find("aspects").replaceChildren(...question.aspects.map(aspectBox));
}

function levels(points) {
  if (points % 1 || points > 6) return [0, points / 2, points];
  return Array.from({ length: points + 1 }, (_, value) => value);
}

function aspectBox(aspect, place) {
  const box = make("input", {
    id: `aspect-${place}`, className: "points", type: "text", inputMode: "decimal", autocomplete: "off", maxLength: 6,
    "aria-describedby": `most-${place} levels-${place} wrong-${place}`, "data-aspect": aspect.name, "data-most": aspect.points,
  });
  const buttons = levels(aspect.points).map((value) => make("button", {
    type: "button", tabIndex: -1, className: "level", "data-for": box.id, "data-points": value,
    "aria-label": `${aspect.name}: ${number(value)}`,
  }, number(value)));
  return make("div", { className: "aspect" },
    make("div", { className: "head" },
      make("label", { htmlFor: box.id }, aspect.name),
      make("span", { className: "box" }, box, make("span", { id: `most-${place}` }, ` of ${number(aspect.points)}`))),
    make("div", { className: "levels" }, ...buttons),
    make("p", { className: "hint", id: `levels-${place}` }, ...withCode(aspect.levels)),
    make("p", { className: "problem", id: `wrong-${place}` }));
}

export function showProgress(read, total) {
  find("bar").max = Math.max(total, 1);
  find("bar").value = read;
  find("read").textContent = `${read} of ${total} read`;
}

const when = (at) => new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

function noticesOf(answer) {
  const found = [];
  if (answer.state === "again") {
    found.push(`To be looked at again: ${answer.changed ? "the text" : "the answer or its grading"} changed after it got ${number(answer.total)} points. They count until you save.`);
  } else if (answer.changed) {
    found.push("The text changed after it was read.");
  }
  if (answer.elsewhere) {
    const kept = answer.kept_total === null ? "" : ` The aspects that were kept here made ${number(answer.kept_total)}.`;
    found.push(`The gradebook's ${number(answer.total)} points were not given on this page but elsewhere, as in formgrader.${kept} They count until you save.`);
  }
  if (answer.extra) found.push(`The gradebook has ${number(answer.extra)} points of extra credit beside these.`);
  if (answer.state === "begun") found.push("Begun: some aspects have points; it waits until all have.");
  return found;
}

export function showAnswer(answer, together) {
  find("answer-title").textContent = upper(called(answer));
  find("who").textContent = together > 1 ? `and ${together - 1} more like it` : "";
  const by = answer.reader && answer.state === "read" ? [`${number(answer.total)} points by ${answer.reader}, ${when(answer.at)}`] : [];
  find("notices").replaceChildren(
    ...by.map((text) => make("p", { className: "hint" }, text)),
    ...noticesOf(answer).map((text) => make("p", { className: "notice" }, text)));
  find("text").textContent = answer.text || "(no text)";
}

export function showMembers(members, chosen) {
  const [first, ...others] = members;
  find("alike").hidden = !others.length;
  find("alike-title").textContent = `${others.length} more like ${called(first)}`;
  find("alike-hint").textContent = `What is ticked gets the same points and comment. Marked: what differs from ${called(first)}.`;
  find("members").replaceChildren(...others.map((answer) => {
    const box = make("input", { type: "checkbox", checked: chosen.has(answer.id), value: answer.id });
    const state = answer.total === null ? "" : `${number(answer.total)} points`;
    const label = make("label", {}, box, ` ${upper(called(answer))} `, make("span", { className: "state" }, state));
    return make("li", {}, label, make("p", { className: "member", "data-text": answer.id }, answer.text));
  }));
}

export function showDifferences(found) {
  for (const place of document.querySelectorAll("[data-text]")) {
    const pieces = found[place.dataset.text];
    if (!pieces) continue;
    if (pieces.every(([kind]) => kind === "same")) {
      place.prepend(make("span", { className: "state" }, "The same words. "));
      continue;
    }
    place.replaceChildren(...pieces.flatMap(([kind, text], at) => {
      if (kind === "same") return [text];
      if (kind === "added") return [make("ins", {}, text)];
      const before = at && !/\s$/.test(pieces[at - 1][1]) && /^\w/.test(text) ? " " : "";
      const after = /^\w/.test(pieces[at + 1]?.[1] ?? "") ? " " : "";
      return [before, make("del", {}, text.trim()), after];
    }));
  }
}

export function showSnippets(texts) {
  find("snippet-list").replaceChildren(...texts.map((text, place) => {
    const letter = String.fromCharCode(97 + place);
    return make("li", {},
      make("button", { type: "button", className: "snippet", "data-letter": letter, "data-snippet": text }, make("kbd", {}, letter), ` ${text}`),
      make("button", { type: "button", className: "remove", tabIndex: -1, "data-remove": text, "aria-label": `Remove the snippet: ${text}` }, "×"));
  }));
}

export function showQueue(entries, answers, at) {
  const waiting = entries.filter((ids) => ids.some((id) => answers.get(id).state !== "read")).length;
  find("queue-title").textContent = entries.length === answers.size ? `${entries.length} answers` : `${answers.size} answers in ${entries.length} groups, ${waiting} to read`;
  find("queue").replaceChildren(...entries.map((ids, place) => {
    const all = ids.map((id) => answers.get(id));
    const read = all.filter((answer) => answer.state === "read").length;
    const sign = read === all.length ? "✓" : read || all.some((answer) => answer.state === "begun") ? "◐" : "○";
    const says = read === all.length ? "read" : `${all.length - read} to read`;
    const button = make("button", { type: "button", "data-entry": place },
      make("span", { className: "sign", "aria-hidden": "true" }, sign),
      make("span", { className: "start" }, all[0].text.slice(0, 90) || "(no text)"),
      make("span", { className: "state" }, all.length > 1 ? `${all.length} answers, ${says}` : says));
    if (place === at) button.setAttribute("aria-current", "true");
    return make("li", {}, button);
  }));
}
