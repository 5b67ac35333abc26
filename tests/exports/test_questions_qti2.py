"""QTI 2.1 and 3.0, played by a player of others; what was 2.1 is turned into 3.0 by a converter of others before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from autograder.course.course import Course
from tests.exports.asked import answers, assignments, hints, judged, questions
from tests.exports.conftest import Exported, unpacked
from tests.exports.strangers import node, package

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
PACKAGING = {
    "qti21": "{http://www.imsglobal.org/xsd/imscp_v1p1}",
    "qti30": "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}",
}
CONVERT = """
import { convertQti2toQti3 } from '@citolab/qti-convert/qti-convert-node';
import { readFileSync } from 'node:fs';
const items = Object.entries(JSON.parse(readFileSync(0, 'utf8')));
const converted = await Promise.all(items.map(async ([name, text]) => [name, await convertQti2toQti3(text)]));
console.log(JSON.stringify(Object.fromEntries(converted)));
"""
PLAY = """async ([xml, answers]) => {
  document.body.innerHTML = '<qti-item></qti-item>';
  const container = document.createElement('item-container');
  container.itemXML = xml;
  document.querySelector('qti-item').append(container);
  let item;
  while (!(item = container.shadowRoot?.querySelector('qti-assessment-item'))) await new Promise(requestAnimationFrame);
  await item.updateComplete;
  const choices = [...item.querySelectorAll('qti-simple-choice')].map(one => one.innerText.trim());
  const rubric = [...item.querySelectorAll('qti-rubric-block')].map(one => getComputedStyle(one).display);
  const stem = item.querySelector('qti-item-body').innerText;
  const outcome = name => item.getOutcome(name).value;
  const played = [];
  for (const answer of answers) {
    item.resetResponses();
    const many = item.getResponse('RESPONSE').cardinality === 'multiple';
    item.updateResponseVariable('RESPONSE', many ? [...answer] : answer);
    item.processResponse();
    await new Promise(requestAnimationFrame);
    const shown = [...item.querySelectorAll('qti-modal-feedback')].filter(one => one.showStatus === 'on');
    const told = shown.map(one => one.querySelector('qti-content-body').textContent.trim());
    shown.forEach(one => one.closeFeedback());
    played.push({answer, points: Number(outcome('SCORE')), most: Number(outcome('MAXSCORE')), told});
  }
  return {title: item.title, stem, choices, rubric, played, formulas: item.querySelectorAll('math').length};
}"""
Played = dict[str, dict[str, Any]]


def items(exported: Exported, form: str) -> dict[str, str]:
    files = unpacked(exported(form)).items()
    named = {path.rpartition("/")[2].removesuffix(".xml"): content.decode() for path, content in files}
    return {name: text for name, text in named.items() if name not in ("imsmanifest", "test")}


@pytest.fixture(scope="module")
def player(browser: Browser) -> Page:
    page = browser.new_page()
    page.add_script_tag(path=package("@citolab/qti-components") / "cdn" / "index.global.js")
    return page


@pytest.fixture(scope="module", params=["qti21", "qti30"])
def played(request: pytest.FixtureRequest, exported: Exported, player: Page, course: Course) -> Played:
    """What the player says of each question and each answer to it."""
    found = items(exported, request.param)
    if request.param == "qti21":
        package("@citolab/qti-convert")
        found = node(CONVERT, found)
    return {one.id: player.evaluate(PLAY, [found[one.id], list(answers(one))]) for one in questions(course)}


def test_a_player_gives_the_points_that_the_notebook_gives(played: Played, course: Course) -> None:
    tried = 0
    for question in questions(course):
        for one in played[question.id]["played"]:
            assert one["most"] == question.points
            expected = judged(question, one["answer"]).share * question.points
            assert abs(one["points"] - expected) < 1e-3, (question.id, one)  # the player rounds to three decimals
            tried += 1
    assert tried > 400


def test_a_player_tells_the_feedback_of_what_was_answered_and_the_explanation(played: Played, course: Course) -> None:
    for question in questions(course):
        if question.id == "q9_1_signs":
            continue  # its formulas are read in the test below
        for one in played[question.id]["played"]:
            expected = [*hints(question, one["answer"]), *([question.why] if question.why else [])]
            assert one["told"] == [text.replace("`", "") for text in expected], (question.id, one["answer"])


def test_a_player_shows_stem_options_and_formulas_and_no_rubric(played: Played, course: Course) -> None:
    for question in questions(course):
        shown = played[question.id]
        assert shown["title"] == question.id
        assert question.stem.split("`")[0].split("$")[0].split("*")[0].strip() in shown["stem"]
        assert len(shown["choices"]) == len(question.options)
        assert all(display == "none" for display in shown["rubric"])
        assert question.model[:40] not in shown["stem"] or not question.model
    signs = played["q9_1_signs"]
    assert signs["formulas"] == 4
    assert signs["choices"][1].startswith(r"a<b &")
    assert "<script>alert(1)</script>" in signs["choices"][1]


@pytest.mark.parametrize("form", ["qti21", "qti30"])
def test_a_students_click_and_keys_are_scored(form: str, exported: Exported, player: Page) -> None:
    found = items(exported, form)
    given = node(CONVERT, {id: found[id] for id in ("q2_2_same", "q2_1_update")}) if form == "qti21" else found
    player.evaluate(PLAY, [given["q2_2_same"], []])
    player.get_by_text("They agree: the first input").click()
    assert score(player) == 1
    player.evaluate(PLAY, [given["q2_1_update"], []])
    player.locator("qti-text-entry-interaction input").press_sequentially("4.0")
    assert score(player) == 1


def score(player: Page) -> float:
    item = "document.querySelector('item-container').shadowRoot.querySelector('qti-assessment-item')"
    return float(player.evaluate(f"() => {{ {item}.processResponse(); return {item}.getOutcome('SCORE').value; }}"))


@pytest.mark.parametrize("form", ["qti21", "qti30"])
def test_the_manifest_lists_every_file_and_each_test_its_questions(
    form: str, exported: Exported, course: Course
) -> None:
    files = unpacked(exported(form))
    manifest = fromstring(files["imsmanifest.xml"])
    assert ["imsmanifest.xml", *(file.get("href") for file in manifest.iter(f"{PACKAGING[form]}file"))] == list(files)
    ids = [one.get("identifier") for one in manifest.iter(f"{PACKAGING[form]}resource")]
    assert len(ids) == len(set(ids))
    for assignment in assignments(course):
        test = fromstring(files[f"{assignment.name}/test.xml"])
        listed = [
            one.get("href") for one in test.iter() if local(one) in ("assessmentItemRef", "qti-assessment-item-ref")
        ]
        assert listed == [f"{question.id}.xml" for question in assignment.questions]


def test_topics_are_keywords(exported: Exported, course: Course) -> None:
    manifest = fromstring(unpacked(exported("qti30"))["imsmanifest.xml"])
    topics = {
        str(one.get("href")).rpartition("/")[2]: [words(word) for word in one.iter() if local(word) == "keyword"]
        for one in manifest.iter(f"{PACKAGING['qti30']}resource")
    }
    assert all(topics[f"{one.id}.xml"] == list(one.topics) for one in questions(course))


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def words(element: Element) -> str:
    return "".join(element.itertext()).strip()
