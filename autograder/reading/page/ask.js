// What is asked of the server. The token comes in the address's fragment, which is taken away at once, and stays for
// this tab.

const fragment = location.hash.slice(1);
if (fragment) {
  sessionStorage.setItem("token", fragment);
  history.replaceState(null, "", location.pathname);
}
window.addEventListener("hashchange", () => location.reload()); // the address of another run, opened in the same tab

async function ask(path, body) {
  const headers = { "X-Reading-Token": sessionStorage.getItem("token") ?? "" };
  const options = body === undefined ? { headers } : {
    method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The server doesn't answer: it was ended. Start `autograder read` again and open its address.");
  }
  const found = await response.json();
  if (!response.ok) throw new Error(found.error);
  return found;
}

export const questions = () => ask("api/questions");
export const answers = (question, width) => ask(`api/answers?${new URLSearchParams({ question, width })}`);
export const differences = (question, id, ids) => ask("api/differences", { question, id, ids });
export const give = (question, seen, points, comment) => ask("api/give", { question, seen, points, comment });
export const takeBack = () => ask("api/take-back", {});
export const snippets = (question, text, remove) => ask("api/snippets", { question, text, remove });
