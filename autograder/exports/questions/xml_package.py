"""XML documents and zip files that are the same bytes whenever they are written of the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.etree.ElementTree import Element, tostring

HOLDS_TEXT = {"p", "pre", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "math"}
NO_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold


def node(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """An element with the texts and elements inside it, in their order. A name that Python keeps for itself, such as
    `class`, is written with an underscore behind it, and a prefix with a double one: `xmlns__xsi`."""
    named = {name.rstrip("_").replace("__", ":"): value for name, value in attributes.items()}
    made = Element(tag, named)
    for part in inside:
        if isinstance(part, Element):
            made.append(part)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + part
        else:
            made.text = (made.text or "") + part
    return made


def document(root: Element) -> bytes:
    """The document in lines, as far as a line break changes nothing: what holds text stays as it is."""
    _indent(root, "\n")
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _indent(element: Element, line: str) -> None:
    mixed = element.text or any(child.tail for child in element)
    if not len(element) or mixed or element.tag in HOLDS_TEXT:
        return
    element.text = line + "  "
    for child in element:
        _indent(child, line + "  ")
        child.tail = line + "  "
    element[-1].tail = line


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files, by their paths in it, in the order given."""
    packing = io.BytesIO()
    with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packing.getvalue()
