"""Free texts on the capstone's question: put together from phrases, so that no two honest ones are the same."""

from __future__ import annotations

import random
from collections.abc import Sequence

Slot = Sequence[str]
WHO: Slot = ("the model", "such a model", "this reader", "the network", "a recurrent reader", "the system")
VECTOR: Slot = ("the vector", "its memory", "the state", "the hidden state", "one single vector", "the memory vector")
REPORT: Slot = ("the report", "the document", "the whole text", "50,000 words", "so long a text", "all of the pages")
SMALL: Slot = ("a fixed number of entries", "the same size all the time", "no room to grow", "a bounded capacity")
DETAIL: Slot = (
    *("the name of the second witness", "the sum on page 3", "the date in the first paragraph", "a telephone number"),
    *("the third word of chapter two", "who signed the annex", "the exact price in table 4", "a footnote from page 10"),
    *("which clause came before the warranty", "how often the mayor is quoted in part one"),
)
GIST: Slot = (
    *("what the report is about", "whether the tone is critical", "if it deals with shipping or with law"),
    *("the language it is written in", "the general mood of the author", "roughly how long the text was"),
    *("whether many numbers occur in it", "the main topic", "if the ending is positive"),
)
LINKS: Slot = (
    "Each word acts only through the update, so whatever is not in {vector} at the end cannot be used",
    "Since {vector} after a word depends on nothing but {vector} before it and that word, the past has one way only",
    "An early word has to survive thousands of updates, and each of them mixes something new into {vector}",
    "There are far more texts than different values of {vector}, so two texts must end at the same point",
    "The answer is computed from {vector} alone, and {who} never gets to see {report} again",
    "With an average every word has a share of one in fifty thousand, which is nearly nothing",
    "With a decay the old words shrink by the same factor at every step until they can't be told from noise",
    "New content is written over old content, because there is nowhere else to put it in {vector}",
)
BOTTLENECKS: Slot = (
    "The main limitation is that {report} must be squeezed into {vector}, which has {small}",
    "{vector} has {small}, while {report} keeps growing, so something has to be given up",
    "Everything that {who} will ever know about {report} sits in {vector} with {small}",
    "My main point is capacity: {vector} can't hold {report} word by word",
    "I think the bottleneck is {vector}, as it has {small} whatever {who} reads",
    "What limits {who} is not time but room, since {vector} has {small}",
    "{who} compresses {report} into {vector}, and compression to {small} loses details",
)
FAILS: Slot = (
    "A question that would fail is: {detail}? It was one detail among thousands and is overwritten by now",
    "Asked for {detail}, {who} would have to guess, because nothing made it worth keeping",
    "I would expect a wrong answer to a question such as {detail}, as that is far back",
    'For example "{detail}" should fail: it was said once, long before the end',
    "It would not know {detail}, which moved {vector} a little and then was buried",
)
SUCCEEDS: Slot = (
    "In contrast, {gist} can still be answered, since many words push {vector} in the same direction",
    "A question for {gist} may succeed because it needs only a summary",
    "It could still tell {gist}, which a few numbers are enough for",
    "What remains is the gist, so {gist} would be a fair question",
    "Something like {gist} survives, as it is spread over {report}",
)
REMEDIES: Slot = (
    "A larger state would help, at the price of more memory and more work for each word, and it stays bounded",
    "One could use a matrix as the state and the delta rule; it costs d times d numbers and the same work per word",
    "Attention over a cache of all words would solve it, but then memory and time per word grow with {report}",
    "A gate that protects what matters would help a bit; it has to be learned, and capacity stays the same",
    "Retrieval is a remedy: keep {report} on disk and search in it, which costs storage and a second system",
    "A window with the last thousand words helps with recent details and costs memory for these words",
)
HALF: dict[Slot, Slot] = {
    BOTTLENECKS: ("{who} forgets things", "{vector} loses information over time", "It can't remember everything"),
    LINKS: ("This is simply how an update works", "It follows from the formula", "The steps make it slow as well"),
    FAILS: ("It would fail on {detail}", "{detail} won't work", "Questions on {detail} are hard"),
    SUCCEEDS: ("{gist} may work", "It can do {gist}", "I would ask for {gist}"),
    REMEDIES: ("Use a transformer", "A bigger {vector} would be better", "More training data may help {who}"),
}
ALSO: Slot = (
    *(
        "To be honest I am not sure about the last part.",
        "We had this in the lecture.",
        "This is what I measured, too.",
    ),
    *("In short: size matters.", "The plot in section 4 shows the same.", "", "", "", ""),
)
PASSED_ON = (
    "The model has to press a report of 50,000 words into one vector that never grows, so most of the details are gone "
    "when the first question comes. Every word reaches the answer only by way of the vector, and each later word is "
    "mixed in on top of it. If you ask for the budget of the second quarter it will fail, but the overall subject "
    "should be no problem. Giving it a cache for attention would help and would cost memory for every word."
)


def free_text(ability: float, chance: random.Random) -> str:
    """What a student of this ability writes: the aspects that are asked for, well, by half, or not at all."""
    sentences = []
    for aspect in (BOTTLENECKS, LINKS, FAILS, SUCCEEDS, REMEDIES):
        level = ability + chance.gauss(0.6, 1)
        chosen = list(chance.sample(aspect, 2 if aspect is LINKS and level > 0.8 else 1)) if level > -0.4 else []
        if not chosen and level > -1.6:
            chosen = [chance.choice(HALF[aspect])]
        sentences += [_filled(text, chance) for text in chosen]
    sentences = sentences or [_filled(chance.choice(HALF[BOTTLENECKS]), chance)]
    return " ".join([*sentences, chance.choice(ALSO)]).strip()


def _filled(text: str, chance: random.Random) -> str:
    words = {"who": WHO, "vector": VECTOR, "report": REPORT, "small": SMALL, "detail": DETAIL, "gist": GIST}
    filled = text.format(**{name: chance.choice(choice) for name, choice in words.items()})
    return f"{filled[0].upper()}{filled[1:]}".rstrip(".?") + "."
