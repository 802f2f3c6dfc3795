"""Where a word is said, and how strongly: bytes that the database keeps by blocks of documents.

A document has a number; 4,096 numbers in a row are a *block*. For each word and block one row
holds the *impact* of the word in each document of the block: 0 where it is not said, else 1 to
255. Few documents are kept as places and impacts (3 bytes each), many as one byte for each place.

Read together, the blocks of a word make a *lane*: one byte a document. Lanes are added, masked
and counted by ``bytes.translate``, integers as long as the lane, and ``itertools.compress``, all of
which run in C: 100,000 documents cost some 0.1 ms an operation, so every document is looked at and
no total is an estimate.
"""

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress

BLOCK = 4096
#: From so many documents on, a byte for each place reads faster than a list of places.
DENSE_FROM = 512
_SWAP = sys.byteorder == "big"

_PRESENT = bytes([0, *[1] * 255])
_TO_DIGITS = bytes([0x30, *[0x31] * 255])
_FROM_DIGITS = bytes(0 if code == 0x30 else 1 for code in range(256))


def block_of(number: int) -> tuple[int, int]:
    """Return the block of the document ``number`` and its place in it."""
    return divmod(number, BLOCK)


def encode(impacts: Mapping[int, int]) -> bytes:
    """Return the row of a word: ``impacts`` by place; zeros are places that do not say it."""
    kept = {place: impact for place, impact in impacts.items() if impact}
    if len(kept) >= DENSE_FROM:
        lane = bytearray(BLOCK)
        for place, impact in kept.items():
            lane[place] = impact
        return bytes(lane)
    places = array("H", sorted(kept))
    return _little(places).tobytes() + bytes(kept[place] for place in places)


def decode(data: bytes) -> dict[int, int]:
    """Return the impacts of a row by place."""
    if len(data) == BLOCK:
        return {place: impact for place, impact in enumerate(data) if impact}
    places, impacts = _sparse(data)
    return dict(zip(places, impacts, strict=True))


def patched(data: bytes, changes: Mapping[int, int]) -> bytes:
    """Return the row ``data`` with the impacts of some places changed."""
    if len(data) == BLOCK:
        lane = bytearray(data)
        for place, impact in changes.items():
            lane[place] = impact
        return bytes(lane) if BLOCK - lane.count(0) >= DENSE_FROM else encode(dict(enumerate(lane)))
    return encode(decode(data) | dict(changes))


def lane_of(rows: Iterable[tuple[int, bytes]], blocks: Sequence[int]) -> bytes:
    """Return the lane of one word from its rows (block, data), over ``blocks`` in their order."""
    starts = {block: index * BLOCK for index, block in enumerate(blocks)}
    lane = bytearray(len(blocks) * BLOCK)
    for block, data in rows:
        start = starts.get(block)
        if start is None:
            continue
        if len(data) == BLOCK:
            lane[start : start + BLOCK] = data
        else:
            for place, impact in zip(*_sparse(data), strict=True):
                lane[start + place] = impact
    return bytes(lane)


def _sparse(data: bytes) -> "tuple[array[int], bytes]":
    count = len(data) // 3
    places = array("H")
    places.frombytes(data[: 2 * count])
    return _little(places), data[2 * count :]


def _little(places: "array[int]") -> "array[int]":
    if _SWAP:
        places.byteswap()
    return places


def present(lane: bytes) -> bytes:
    """Return a lane of ones where ``lane`` is not zero."""
    return lane.translate(_PRESENT)


def add(lanes: Sequence[bytes], size: int) -> bytes:
    """Add ``lanes`` byte by byte; the caller sees to it that no sum passes 255."""
    return sum(int.from_bytes(lane, "little") for lane in lanes).to_bytes(size, "little")


def both(one: bytes, other: bytes) -> bytes:
    """Return the bitwise "and" of two lanes: with a lane of ones, where both are present."""
    kept = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return kept.to_bytes(len(one), "little")


def either(lanes: Sequence[bytes]) -> bytes:
    """Return a lane of ones where any of ``lanes`` is not zero."""
    joined = 0
    for lane in lanes:
        joined |= int.from_bytes(lane, "little")
    return present(joined.to_bytes(len(lanes[0]), "little"))


def masked(lane: bytes, mask: bytes) -> bytes:
    """Return ``lane`` with zeros where ``mask``, a lane of ones, is zero."""
    return both(lane, mask.translate(bytes([0, *[255] * 255])))


def absent(mask: bytes) -> bytes:
    """Return a lane of ones where ``mask`` is zero."""
    return mask.translate(bytes([1, *[0] * 255]))


def bits_of(mask: bytes) -> int:
    """Return a lane of ones as an integer of one bit a document, on which facets are counted."""
    return int(mask.translate(_TO_DIGITS)[::-1], 2) if mask else 0


def mask_of(bits: int, size: int) -> bytes:
    """Return the lane of ones of an integer of one bit a document."""
    return format(bits, f"0{size}b").encode()[::-1].translate(_FROM_DIGITS) if size else b""


def positions_of(mask: bytes) -> list[int]:
    """Return where ``mask`` is one."""
    if mask.count(1) > len(mask) // 32:
        return list(compress(range(len(mask)), mask))
    found, place = [], mask.find(1)
    while place >= 0:
        found.append(place)
        place = mask.find(1, place + 1)
    return found
