"""The words for how a sound sounds, put to phrases."""

from pathlib import Path

import numpy as np
import yaml

_QUALIFIERS = yaml.safe_load((Path(__file__).parent / "qualifiers.yaml").read_text("utf-8"))

NAMES: tuple[str, ...] = tuple(_QUALIFIERS)
"""All qualifiers, by number."""

_FORMS = {"en": ("{q} {p}", "{p}, {q}"), "zh": ("{p}({q})", "{q}的{p}")}


def qualified(rng: np.random.Generator, phrase: str, language: str, *poles: str) -> list[str]:
    """Return a phrase once with each of some qualifiers, all in one form."""
    form = str(rng.choice(_FORMS[language]))
    words = [str(rng.choice(_QUALIFIERS[pole][language])) for pole in poles]
    return [form.format(p=phrase, q=word) for word in words]


def opposites(pole: str) -> list[str]:
    """Return the opposites of a qualifier."""
    return list(_QUALIFIERS[pole]["opposite"])


def opposite(rng: np.random.Generator, pole: str) -> str:
    """Return one opposite of a qualifier."""
    return str(rng.choice(opposites(pole)))
