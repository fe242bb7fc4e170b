"""What one chunk of a build offers to the others: packages of vendors, and its calls of the others.

Nobody imports a chunk by names that people gave, so that nothing else of it is read.
"""

from __future__ import annotations

import re
from contextlib import suppress

from analyzer.model import ITSELF, Call, Function, Offers, Source, Vocabulary
from analyzer.parse.budget import Spent
from analyzer.parse.mask import Masked
from analyzer.parse.scripts.asking import calls_in
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed
from analyzer.parse.scripts.libraries import facts_of, packaged_in, worded_in
from analyzer.parse.scripts.names import Reader
from analyzer.parse.scripts.vendored import Packages, packages_in
from analyzer.parse.scripts.windows import LARGE
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document

ARRAY = re.compile(rb"\b(webpackChunk\w{0,60})\s{0,9}=")
EXPORTS = re.compile(rb"\bexport\b\s{0,9}\{")
BESIDE = re.compile(rb"\bimport\b[^;\"']{0,20000}[\"']\.{1,2}/")


def chunk_of(source: Source, vocabulary: Vocabulary, is_built: bool) -> Offers:
    """What a chunk offers and calls; of a script that is not `is_built` by a machine the imports
    are read elsewhere.
    """
    data = source.data
    array = ARRAY.search(data)
    shared = array[1].decode() if array is not None else ""
    calls = bool(shared) or (is_built and BESIDE.search(data) is not None)
    if len(data) > LARGE or not (calls or EXPORTS.search(data)):
        return Offers(source.path)
    present = list(facts_of(source, vocabulary))
    if not (calls or present):
        return Offers(source.path)
    document = Document(source, Masked(data), Structure())
    document.packaged = packaged_in(data, present, vocabulary)
    document.worded = worded_in(data, present, vocabulary)
    reader = Reader(document, 0, vocabulary)
    reader.folder.packages = vocabulary.packages
    packages, does = Packages(), list[Call]()
    with suppress(TooSlow, Spent):
        root = parsed(data, dialect_of(source.path))
        reader.read(root)
        reader.set_globals()
        packages = packages_in(reader, root, shared) if present else packages
        does.extend(calls_in(reader, source.path, shared) if calls else ())
    itself = Function("", source.place(0, 0), tuple(does))
    return Offers(
        source.path,
        tuple(packages.exports.items()),
        functions=((ITSELF, itself),) if does else (),
        globals=tuple(packages.modules.items()),
    )
