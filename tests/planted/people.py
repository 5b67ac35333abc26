"""Who is in the class: names, and how able each is."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

FIRST = """
    Aaliyah Adam Agnes Aiko Alba Alejandro Amara Amina Anders Anouk Arjun Astrid Bastian Beatriz Bilal Camille Carlos
    Chiara Clara Daniel Dilara Elena Elias Emeka Emma Esther Fatima Felix Fiona Gabriel Giulia Grace Hanna Hassan Helena
    Henrik Ida Ibrahim Ingrid Isabel Jakub Jamal Jana Jasper Joana Johan Kaito Karolina Kwame Laila Lars Leila Linnea
    Lucas Magdalena Malik Marek Maria Mateo Mei Milan Miriam Nadine Naoko Niklas Noor Olga Oscar Paula Pavel Priya
    Rafael Rania Ravi Rebecca Robin Ruth Samira Samuel Sanne Selin Simon Sofia Stefan Tamar Theo Tomás Valentina Viktor
    Wanda Xin Yara Yusuf Zuzana
""".split()  # noqa: SIM905
LAST = """
    Abebe Adeyemi Ahmed Almeida Andersson Bakker Bauer Becker Berg Bianchi Carvalho Chen Costa Dahl Demir Diallo Dubois
    Eriksen Farouk Fernández Fischer Fontaine García Haddad Hansen Hoffmann Horvat Ivanova Jansen Johnson Kaya Keller
    Khan Kim Klein Koch Kovács Kowalska Kumar Larsen Lehmann Lindqvist Lopez Maier Martin Mbeki Mensah Meyer Moreau
    Müller Nakamura Ndlovu Nguyen Novák Okafor Olsen Ortega Osei Papadopoulos Patel Petrov Popescu Qureshi Ramos Rossi
    Sandberg Santos Sato Schneider Silva Singh Sørensen Suzuki Svensson Tanaka Torres Tran Vargas Virtanen Vogel Wagner
    Walsh Weber Williams Wolf Wójcik Yamamoto Yilmaz Zhang Zimmermann
""".split()  # noqa: SIM905
LETTERS = str.maketrans({"ø": "o", "ü": "ue", "ö": "oe", "ł": "l"})


@dataclass(frozen=True)
class Person:
    """A student. `ability` is 0 for a middling one, and rarely below -2 or above 2."""

    id: str
    first_name: str
    last_name: str
    ability: float


def people(number: int) -> tuple[Person, ...]:
    """So many students, in the order of their ids: the same ones whenever it is called."""
    chance = random.Random("the people of the planted class")
    names = [(first, last) for first in FIRST for last in LAST]
    chosen = chance.sample(names, number)
    found = [Person(_id(first, last), first, last, chance.gauss(0, 1)) for first, last in chosen]
    return tuple(sorted(found, key=lambda person: person.id))


def _id(first: str, last: str) -> str:
    """Such as tomas.novak, as a university's accounts are called."""
    text = unicodedata.normalize("NFKD", f"{first}.{last}".lower().translate(LETTERS))
    return text.encode("ascii", "ignore").decode()
