"""What a module offers to others: values, functions with what they do, classes, and calls.

Values in here know of names that only other files explain. Such a name is a hole whose origin is
IMPORT (`CONFIG.gaId from ./config`), or PARAMETER inside of a function. `written` and `Reference`
are the two sides of how such names are kept in an origin.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.model.facts import Fact, Skip
from analyzer.model.places import Place
from analyzer.model.values import Value

ITSELF = "@"  # what a module does by itself, as if it were a function of this name
FUNCTION = "@"  # begins the names of a file's own functions and classes
RESULT = "%"  # begins the names of what calls give back
FROM = " from "
IN = "\n"  # before the file that says so
GIVEN = "|"  # between a parameter's position with its properties, and its function
REST = "..."  # behind the position of a parameter that takes all arguments from there
SPREAD = "*"  # before the position where the arguments are spread
SHOWN = "<"  # before the name of a component that is shown
NUXT = "nuxt.config"  # in place of a module: the project's settings of Nuxt
PAGE = "<page>"  # in place of a module: what all scripts of a page share
NUMBER = ":"  # between the name that all chunks of a build share, and the key of a module in them
NEW = "new "  # before the name of a class that a call makes an instance of


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that another file explains, or the same one where there is no `module`.

    `steps` are what is taken of it, one after the other: an export first, then properties. `path`
    is the file that says so.
    """

    steps: tuple[str, ...]
    module: str
    path: str

    def __str__(self) -> str:
        return f"{'.'.join(self.steps)}{FROM}{self.module}{IN}{self.path}"


def reference(name: str, path: str = "") -> Reference:
    """The reference that an origin's name writes; `path` is the file where that does not say."""
    head, _, rest = name.partition(FROM)
    module, _, inside = rest.partition(IN)
    return Reference(tuple(head.split(".")), module, inside or path)


def plain_reference(name: str) -> str:
    """An origin's name as people read it: `CONFIG.gaId from ./config`."""
    return name.partition(IN)[0]


@dataclass(frozen=True, slots=True)
class Result:
    """What a call gives back: of which function, with which arguments; `new` for an instance.

    With `looked_up` it is what the callee, a list of things by name, holds under the argument.
    """

    callee: Value
    args: tuple[Value, ...]
    new: bool = False
    looked_up: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function that can be called by a name: what it does, and what it gives back.

    `does` holds the calls of the site's own functions, too. `defaults` are the values of parameters
    that a call leaves out.
    """

    name: str
    place: Place
    does: tuple[Fact, ...] = ()
    gives: Value = None
    defaults: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Maker:
    """A class: its methods by name, and the function that is called for a new one; `base` is the
    class that it extends.
    """

    name: str
    methods: tuple[tuple[str, str], ...] = ()
    constructor: str = ""
    base: Value = None


@dataclass(frozen=True, slots=True)
class Offers:
    """What one file offers; `every` are the modules of which it hands on all exports.

    `functions`, `makers` and `results` are known by their names in this file. `links` belong to the
    places of the calls in it. `globals` are what a script gives to all others of its page, `beside`
    the calls of one script of a page that go to another one of it.
    """

    path: str
    exports: tuple[tuple[str, Value], ...] = ()
    every: tuple[str, ...] = ()
    functions: tuple[tuple[str, Function], ...] = ()
    makers: tuple[tuple[str, Maker], ...] = ()
    results: tuple[tuple[str, Result], ...] = ()
    links: tuple[Fact, ...] = ()
    places: tuple[tuple[str, Place], ...] = ()
    globals: tuple[tuple[str, Value], ...] = ()
    beside: tuple[Place, ...] = ()
    skips: tuple[Skip, ...] = ()
