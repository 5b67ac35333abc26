// What keys do. Keys of one letter hold only where nothing is written: in the rubric's boxes and the lists.

const arrows = { ArrowDown: 1, ArrowUp: -1 };

// Move the focus among the elements of a list that a selector finds.
function step(event, selector, by) {
  const all = [...document.querySelectorAll(selector)].filter((one) => one.offsetParent);
  const next = all[all.indexOf(event.target) + by];
  if (!next) return false;
  event.preventDefault();
  next.focus();
  return true;
}

function inRubric(event, actions) {
  const letters = {
    n: actions.next, p: actions.previous, u: actions.undo, c: actions.comment, s: actions.snippets, g: actions.members,
    m: actions.models, a: actions.answer, "?": actions.keys,
  };
  if (event.key in letters) {
    event.preventDefault();
    letters[event.key]();
  } else if (event.key === "Enter" || event.key === "ArrowDown") {
    if (step(event, "#aspects input", 1)) return;
    event.preventDefault();
    if (event.key === "Enter" && document.getElementById("aspect").value) actions.save();
    else actions.comment();
  } else if (event.key === "ArrowUp") {
    step(event, "#aspects input", -1);
  }
}

function inSnippets(event, actions) {
  const button = [...document.querySelectorAll(".snippet")].find((one) => one.dataset.letter === event.key);
  if (button) {
    event.preventDefault();
    actions.insert(button.dataset.snippet);
  } else if (event.key === "+") {
    event.preventDefault();
    actions.keep();
  } else if (event.key === "Delete" && event.target.dataset.snippet) {
    actions.remove(event.target.dataset.snippet);
  } else if (event.key === "Escape") {
    actions.comment();
  } else if (event.key in arrows) {
    step(event, ".snippet, #keep-snippet", arrows[event.key]);
  }
}

function inMembers(event, actions) {
  if (event.key === "Escape") actions.rubric();
  else if (event.key in arrows) step(event, "#members input", arrows[event.key]);
}

export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (document.getElementById("keys").open || event.isComposing) return;
    if (command && event.key === "Enter") {
      event.preventDefault();
      actions.save();
    } else if (command && event.key.toLowerCase() === "k") {
      event.preventDefault();
      actions.snippets();
    } else if (command || event.altKey) {
      return;
    } else if (event.target.matches("#aspects input")) {
      inRubric(event, actions);
    } else if (event.target.closest("#snippets")) {
      inSnippets(event, actions);
    } else if (event.target.matches("#members input")) {
      inMembers(event, actions);
    } else if (event.target.id === "comment" && event.key === "Escape") {
      actions.rubric(true);
    } else if (event.target.id === "text" && event.key === "Escape") {
      actions.rubric();
    }
  });
}
