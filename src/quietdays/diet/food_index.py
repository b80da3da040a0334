"""Names of foods made ready to be searched: words, what they begin with, and near misses.

Pure Python on names and keys; who may see which food is decided by the caller.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W_]+(?:[.:][^\W_]+)*")
SHORTEST_TYPO = 4  # of three letters, most words are a slip away from another word


class Fit(IntEnum):
    """How well a name fits what was typed; lower is better, and a near miss comes last."""

    SAME = 0  # the whole name, or one of its other names
    WORDS = 1  # each typed word is a word of the name, or the beginning of one
    PARTS = 2  # a typed word stands inside a word: “nut” in “peanut”
    NEAR = 3  # a slip of the fingers: “avacado”


class Worth(NamedTuple):
    """How a word of a name, or a name, fits; smaller is better."""

    fit: Fit
    slips: int = 0  # letters that differ, where it is a near miss
    loose: int = 0  # typed words that only begin a word of the name

    def and_(self, other: Worth) -> Worth:
        """A name fits as badly as the typed word that fits it worst."""
        return Worth(max(self.fit, other.fit), self.slips + other.slips, self.loose + other.loose)


Key = TypeVar("Key", bound=Hashable)
Expand = Callable[[str], Iterable[tuple[str, Worth]]]


@dataclass(frozen=True, slots=True)
class Hit:
    """How one food fits what was typed, by the best of its names."""

    fit: Fit
    slips: int
    loose: int
    is_head: bool  # what stands before the first comma: “Butter, unsalted” for “butter”
    starts: bool  # the name begins with the first typed word
    is_other_name: bool

    def order(self) -> tuple[bool | int, ...]:
        return (
            self.fit,
            self.slips,
            self.loose,
            not self.is_head,
            not self.starts,
            self.is_other_name,
        )


def words_of(text: str) -> list[str]:
    """Lower case, without accents and plurals: “Purées, 4:1” gives puree, 4:1."""
    bare = text.lower()
    if not bare.isascii():
        bare = bare.replace("œ", "oe").replace("ß", "ss").replace("’", "'")
        letters = unicodedata.normalize("NFKD", bare)
        bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return [_singular(word) for word in _WORD.findall(bare.replace("'s", ""))]


@lru_cache(maxsize=50_000)
def _singular(word: str) -> str:
    """An English plural as its singular, roughly: both sides of a search go through this."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("oes", "shes", "ches", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


class FoodIndex(Generic[Key]):
    """Names under keys. The first name of a key is its own; the one that fits best counts."""

    def __init__(self, names: Iterable[tuple[Key, str]]) -> None:
        self._keys: list[Key] = []
        self._names: list[tuple[str, ...]] = []
        self._heads: list[int] = []  # how many words stand before the first comma
        self._own: dict[Key, int] = {}
        postings: dict[str, set[int]] = defaultdict(set)
        for key, name in names:
            head, comma, tail = name.partition(",")
            first_words = words_of(head)
            words = (*first_words, *words_of(tail)) if comma else tuple(first_words)
            for word in words:
                postings[word].add(len(self._keys))
            self._own.setdefault(key, len(self._keys))
            self._keys.append(key)
            self._names.append(words)
            self._heads.append(len(first_words))
        self._postings = dict(postings)
        self._words = sorted(self._postings)

    def real(self, text: str) -> dict[Key, Hit]:
        """Foods with a name that holds every typed word as it was typed."""
        return self._hits(words_of(text), self._real_words)

    def near(self, text: str) -> dict[Key, Hit]:
        """Foods with a name that holds every typed word, give or take a slip."""
        return self._hits(words_of(text), self._near_words)

    def _hits(self, typed: list[str], expand: Expand) -> dict[Key, Hit]:
        found: dict[int, Worth] | None = None
        for word in typed:
            names = self._names_with(expand(word))
            if found is None:
                found = names
            else:
                found = {n: found[n].and_(names[n]) for n in found.keys() & names.keys()}
        best: dict[Key, Hit] = {}
        for name, worth in (found or {}).items():
            key, hit = self._keys[name], self._hit(typed, name, worth)
            if key not in best or hit.order() < best[key].order():
                best[key] = hit
        return best

    def _hit(self, typed: list[str], name: int, worth: Worth) -> Hit:
        words = self._names[name]
        is_other = self._own[self._keys[name]] != name
        is_whole = worth.fit is Fit.WORDS and sorted(words) == sorted(typed)
        fit = Fit.SAME if is_whole else worth.fit
        head = words[: self._heads[name]]
        near = fit is Fit.NEAR and len(head) == len(typed)
        is_head = near or sorted(head) == sorted(typed)
        starts = words[0].startswith(typed[0])
        return Hit(fit, worth.slips, worth.loose, is_head, starts, is_other)

    def _names_with(self, words: Iterable[tuple[str, Worth]]) -> dict[int, Worth]:
        found: dict[int, Worth] = {}
        for word, worth in words:
            for name in self._postings[word]:
                if name not in found or worth < found[name]:
                    found[name] = worth
        return found

    def _real_words(self, typed: str) -> Iterator[tuple[str, Worth]]:
        for word in self._words[bisect_left(self._words, typed) :]:
            if not word.startswith(typed):
                break
            yield word, Worth(Fit.WORDS, loose=int(word != typed))
        if len(typed) > 2:
            for word in self._words:
                if typed in word and not word.startswith(typed):
                    yield word, Worth(Fit.PARTS, loose=1)

    def _near_words(self, typed: str) -> Iterator[tuple[str, Worth]]:
        yield from self._real_words(typed)
        if len(typed) < SHORTEST_TYPO or typed.isdecimal():
            return
        most = 1 if len(typed) <= 5 else 2
        near = process.extract(
            typed, self._words, scorer=OSA.distance, score_cutoff=most, limit=None
        )
        for word, slips, _ in near:
            if slips and len(word) >= SHORTEST_TYPO:
                yield word, Worth(Fit.NEAR, slips=int(slips))
